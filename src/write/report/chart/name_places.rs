//! Finds places for names beside their marks, so that no name covers another name or a mark.

use crate::write::report::chart::svg::{Anchor, Point, width};

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Frame {
    fn overlaps(&self, other: &Frame) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn contains(&self, other: &Frame) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NamePlace {
    pub(super) at: Point,
    pub(super) anchor: Anchor,
    /// Whether it stands so far from its mark that a line must lead to it.
    pub(super) is_far: bool,
}

/// What a name reaches above and below its line, at the size of drawings.
const ASCENT: f64 = 10.0;
const DESCENT: f64 = 3.0;
/// From the middle of a mark to its edge, and to a name beside it.
const MARK: f64 = 5.0;
const ASIDE: f64 = 8.0;
/// Lines of a name beside its mark, from the middle of the mark, the best first.
const NEAR: [f64; 3] = [-5.0, 4.0, 14.0];
/// The same of names that a line leads to.
const FAR: [f64; 6] = [-18.0, 27.0, -31.0, 40.0, -44.0, 53.0];

/// The places that are taken.
pub(super) struct NamePlaces {
    area: Frame,
    taken: Vec<Frame>,
}

impl NamePlaces {
    /// Names stand inside of an area, and on none of these marks.
    pub(super) fn new(area: Frame, marks: impl Iterator<Item = Point>) -> Self {
        let frame = |at: Point| Frame {
            left: at.x - MARK,
            right: at.x + MARK,
            top: at.y - MARK,
            bottom: at.y + MARK,
        };
        NamePlaces { area, taken: marks.map(frame).collect() }
    }

    /// Takes the nearest free place for the name of a mark, if there is one.
    pub(super) fn take(&mut self, mark: Point, name: &str) -> Option<NamePlace> {
        let lines = NEAR.iter().map(|down| (*down, false)).chain(FAR.iter().map(|down| (*down, true)));
        let places = lines.flat_map(|(down, is_far)| {
            let beside = |anchor, x| NamePlace { at: Point { x, y: mark.y + down }, anchor, is_far };
            [beside(Anchor::Start, mark.x + ASIDE), beside(Anchor::End, mark.x - ASIDE)]
        });
        let mut framed = places.map(|place| (place, frame(place, width(name))));
        let is_free = |(_, frame): &(NamePlace, Frame)| {
            self.area.contains(frame) && !self.taken.iter().any(|other| other.overlaps(frame))
        };
        let (place, frame) = framed.find(is_free)?;
        self.taken.push(frame);
        Some(place)
    }
}

fn frame(place: NamePlace, width: f64) -> Frame {
    let Point { x, y } = place.at;
    let (left, right) = match place.anchor {
        Anchor::Start => (x, x + width),
        Anchor::Middle => (x - width / 2.0, x + width / 2.0),
        Anchor::End => (x - width, x),
    };
    Frame { left, right, top: y - ASCENT, bottom: y + DESCENT }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AREA: Frame = Frame { left: 0.0, right: 300.0, top: 0.0, bottom: 200.0 };

    #[test]
    fn a_name_stands_right_of_its_mark_or_left_of_it_where_there_is_no_room() {
        let marks = [Point { x: 150.0, y: 100.0 }, Point { x: 290.0, y: 100.0 }];
        let mut places = NamePlaces::new(AREA, marks.into_iter());
        let taken = marks.map(|mark| places.take(mark, "Herald").unwrap());
        assert_eq!((taken[0].at, taken[0].anchor), (Point { x: 158.0, y: 95.0 }, Anchor::Start));
        assert_eq!((taken[1].at, taken[1].anchor), (Point { x: 282.0, y: 95.0 }, Anchor::End));
    }

    #[test]
    fn the_names_of_marks_in_one_place_go_round_it_and_then_away_until_no_place_is_left() {
        let mark = Point { x: 150.0, y: 100.0 };
        let mut places = NamePlaces::new(AREA, [mark; 30].into_iter());
        let taken: Vec<Option<NamePlace>> = (0..30).map(|_| places.take(mark, "Herald")).collect();
        assert!(taken[1].unwrap().anchor == Anchor::End && !taken[1].unwrap().is_far);
        assert!(taken[6].is_some_and(|place| place.is_far), "{taken:?}");
        assert_eq!(taken[29], None);
    }

    proptest! {
        #[test]
        fn no_name_covers_another_name_or_a_mark(
            marks in prop::collection::vec((0.0..300.0f64, 0.0..200.0f64, "[a-zA-Z ]{1,14}"), 1..25),
        ) {
            let points = marks.iter().map(|(x, y, _)| Point { x: *x, y: *y });
            let mut places = NamePlaces::new(AREA, points.clone());
            let mut frames = places.taken.clone();
            for (at, (_, _, name)) in points.zip(&marks) {
                let Some(place) = places.take(at, name) else { continue };
                let own = frame(place, width(name));
                prop_assert!(AREA.contains(&own));
                prop_assert!(!frames.iter().any(|other| other.overlaps(&own)));
                frames.push(own);
            }
        }
    }
}
