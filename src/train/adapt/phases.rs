//! Counts the fits of all phases of an adaptation as the steps of one stage.

use std::sync::{Mutex, PoisonError};

use crate::progress::Progress;
use crate::train::adapt::candidate::together;
use crate::train::validation::schemes::INNER_FOLDS;

/// The stages whose steps are fits of about the same length.
const COUNTED: [&str; 1] = ["cross-validation"];

/// The fits of each phase of an adaptation, by the folds of its cross-validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlannedFits {
    /// The model of the corpus, each of the two times that it may be trained.
    pub base: u64,
    /// One candidate: its folds, and those inside of each training part.
    pub candidate: u64,
    /// The model by all rows.
    pub last: u64,
}

impl PlannedFits {
    pub(super) fn new(folds: u32) -> Self {
        let folds = u64::from(folds);
        PlannedFits { base: folds, candidate: folds * (1 + u64::from(INNER_FOLDS)), last: folds }
    }

    /// All of them: the caller's rows alone and the pool are candidates, too.
    fn all(self) -> u64 {
        2 * self.base + (together().count() as u64 + 2) * self.candidate + self.last
    }
}

/// Tells whoever waits of one stage, whatever stages begin and end inside of it.
pub(super) struct OneStage<'p> {
    told: &'p dyn Progress,
    pub(super) planned: PlannedFits,
    place: Mutex<Place>,
}

#[derive(Debug, Default)]
struct Place {
    done: u64,
    /// Where the present phase ends.
    end: u64,
    is_counted: bool,
}

impl<'p> OneStage<'p> {
    pub(super) fn new(told: &'p dyn Progress, folds: u32) -> Self {
        let planned = PlannedFits::new(folds);
        told.begin("adapting", Some(planned.all()));
        OneStage { told, planned, place: Mutex::default() }
    }

    /// Ends the phase before, whether or not it needed all of its steps, and begins one of so many
    /// steps.
    pub(super) fn phase(&self, steps: u64) {
        self.step(|place| {
            let left = place.end - place.done;
            place.end += steps;
            left
        });
    }

    fn step(&self, steps: impl FnOnce(&mut Place) -> u64) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = steps(&mut place);
        place.done += steps;
        drop(place);
        if steps > 0 {
            self.told.advance(steps);
        }
    }
}

impl Progress for OneStage<'_> {
    fn begin(&self, stage: &'static str, _: Option<u64>) {
        self.step(|place| {
            place.is_counted = COUNTED.contains(&stage);
            0
        });
    }

    fn advance(&self, units: u64) {
        self.step(|place| if place.is_counted { units.min(place.end - place.done) } else { 0 });
    }

    fn note(&self, note: &str) {
        self.told.note(note);
    }

    fn is_stopped(&self) -> bool {
        self.told.is_stopped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Stage = (&'static str, Option<u64>);

    /// Every stage that was begun, and how far the last one came with each step.
    #[derive(Default)]
    struct Told(Mutex<(Vec<Stage>, Vec<u64>)>);

    impl Progress for Told {
        fn begin(&self, stage: &'static str, total: Option<u64>) {
            self.0.lock().unwrap().0.push((stage, total));
        }

        fn advance(&self, units: u64) {
            let places = &mut self.0.lock().unwrap().1;
            let next = places.last().copied().unwrap_or(0) + units;
            places.push(next);
        }
    }

    #[test]
    fn one_counter_runs_over_all_phases_and_never_passes_its_end() {
        let told = Told::default();
        let stage = OneStage::new(&told, 5);
        let PlannedFits { base, candidate, last } = stage.planned;
        assert_eq!((base, candidate, last), (5, 20, 5));
        stage.phase(base);
        stage.begin("near-duplicates", Some(8000));
        stage.advance(8000);
        stage.begin("cross-validation", Some(5));
        (0..5).for_each(|_| stage.advance(1));
        stage.begin("held-out estimates", Some(2));
        (0..4).for_each(|_| stage.advance(1));
        // The model of the corpus is not trained a second time.
        stage.phase(base);
        for _ in 0..6 {
            stage.phase(candidate);
            stage.begin("cross-validation", Some(23));
            (0..23).for_each(|_| stage.advance(1));
        }
        stage.phase(last);
        stage.phase(0);
        let (stages, places) = told.0.into_inner().unwrap();
        assert_eq!(stages, [("adapting", Some(135))]);
        assert_eq!(places.last(), Some(&135));
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
