//! Labels with one's own sets of labels, and trains on them alone.

use super::*;

#[test]
fn a_label_that_was_given_once_does_not_stop_a_training() {
    let coder = Coder::new(60);
    let workspace = coder.open("eva", None);
    let labels = ["warm", "cold", "mild"].map(str::to_owned).to_vec();
    workspace.set_session(Session { labels, ..workspace.session() }).unwrap();
    let done = label_some(&workspace, QueueKind::Random, 40);
    workspace.decide(labeled(&done[5], "mild")).unwrap();
    let record = trained(&workspace, TrainedFrom::Own).record;
    assert!(record.warnings[0].starts_with("`mild` was given only once"), "{record:?}");
    assert!(record.labels == 39 && record.unseen.is_some(), "{record:?}");
    assert!(!workspace.current().held_out.is_learned(&done[5]), "it was not learned");
}

#[test]
fn where_nothing_can_be_held_out_there_is_a_model_and_a_reason() {
    let coder = Coder::new(60);
    let workspace = coder.open("eva", None);
    let open = workspace.next(QueueKind::Random, None, 25).unwrap().items;
    for (number, item) in open.iter().enumerate() {
        let label = if number == 3 { "warm" } else { "cold" };
        workspace.decide(labeled(&item.unit, label)).unwrap();
    }
    let record = trained(&workspace, TrainedFrom::Own).record;
    assert_eq!((record.labels, record.unseen, record.random, record.curve.len()), (25, None, None, 0));
    assert!(record.warnings[0].contains("because `warm` was given only once"), "{record:?}");
}

#[test]
fn posts_start_from_the_settings_for_posts() {
    let Coder { folder, .. } = Coder::new(1);
    let mut random = Random::new(4);
    let post = |number: usize| {
        let own = if label(number) == "warm" { WARM } else { COLD };
        let plain: Vec<&str> = (0..8).map(|_| PLAIN[random.below(16)]).collect();
        let (tag, word) = (own[random.below(12)], own[random.below(12)]);
        format!(
            "{number},Outlet {},2026-01-01,@mayor no #{tag}Tunnel {word} {}\n",
            number % 8,
            plain.join(" ")
        )
    };
    let posts: String = (0..170).map(post).collect();
    fs::write(folder.path().join("texts.csv"), format!("id,outlet,date,text\n{posts}")).unwrap();
    let coder = Coder { folder, texts: 170 };
    let workspace = coder.open("eva", None);
    let units = workspace.archive().unwrap().units().len();
    for id in (0..units).filter_map(|unit| workspace.archive().unwrap().unit_id(unit)) {
        workspace.decide(labeled(&id, &truth(&workspace, &id))).unwrap();
    }
    trained(&workspace, TrainedFrom::Own);
    let current = workspace.current();
    let settings = &current.classifier.model().provenance.settings;
    assert!(settings.contains("social text expanded") && settings.contains("characters"), "{settings}");
}

#[test]
fn behind_the_ranked_passages_the_queue_goes_on_at_random() {
    let coder = Coder::new(30);
    // The model gives short texts no label, and so does not rank them.
    let path = coder.path("texts.csv");
    let short = |number: usize| {
        format!("{number},Outlet 1,2026-01-01,{} {}\n", PLAIN[number % 16], WARM[number % 12])
    };
    let short: String = (30..50).map(short).collect();
    fs::write(&path, fs::read_to_string(&path).unwrap() + &short).unwrap();
    let coder = Coder { texts: 50, ..coder };
    let workspace = coder.open("eva", None);
    let items = workspace.next(QueueKind::Uncertain, None, 50).unwrap().items;
    let at_random: Vec<bool> = items.iter().map(|item| item.at_random).collect();
    let ranked = at_random.iter().filter(|at_random| !**at_random).count();
    assert!((10..=30).contains(&ranked) && at_random.is_sorted() && items.len() > ranked, "{at_random:?}");
    for item in &items[..ranked] {
        workspace.decide(labeled(&item.unit, "warm")).unwrap();
    }
    let left = workspace.next(QueueKind::Uncertain, None, 3).unwrap().items;
    assert!(!left.is_empty() && left.iter().all(|item| item.at_random), "{left:?}");
    let by_chance = workspace.next(QueueKind::Random, None, 3).unwrap().items;
    let units = |items: &[Item]| items.iter().map(|item| item.unit.clone()).collect::<Vec<_>>();
    assert_eq!(units(&left), units(&by_chance), "in the order of the queue that is random");
    assert!(by_chance.iter().all(|item| !item.at_random), "which ranks nothing");
}
