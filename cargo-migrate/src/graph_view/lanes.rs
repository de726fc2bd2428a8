//! Lanes for a terminal, newest migration first, as `git log --graph` has them. A lane never moves: one line of joints
//! after a migration leads to its parents, wherever their lanes are.

/// The lanes, fed one migration after the other, children before their parents.
#[derive(Debug, Default)]
pub struct Lanes {
    /// What each lane leads to; a free lane is reused.
    lanes: Vec<Option<i64>>,
    /// The lane that ended at the last migration: a base.
    ended: Option<usize>,
}

/// The drawing that belongs to one migration.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawn {
    /// A line above it, where it would otherwise look like the parent of a base.
    pub gap: Option<String>,
    /// The lanes beside its own line, without trailing spaces.
    pub node: String,
    /// A line of joints below it, where it is not simply followed by its only parent.
    pub joints: Option<String>,
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

impl Lanes {
    /// Draws `version` as `mark`, and opens the lanes of its parents.
    pub fn step(&mut self, version: i64, parents: &[i64], mark: char) -> Drawn {
        let found = self.find(version);
        let own = found.unwrap_or_else(|| self.free(0));
        let gap = (found.is_none() && self.ended == Some(own))
            .then(|| self.line(|_, leads_to| leads_to.map_or(' ', |_| '│')));
        self.ended = parents.is_empty().then_some(own);
        let node = self.line(|lane, leads_to| if lane == own { mark } else { leads_to.map_or(' ', |_| '│') });

        self.lead(own, None);
        // Lanes that the joints must reach, with what they are open to.
        let mut joints: Vec<(usize, u8)> = Vec::new();
        for &parent in parents {
            let own_is_free = self.lanes.get(own) == Some(&None);
            let lane = match self.find(parent) {
                // The lane of another child ends here, so that the drawing leans to the left.
                Some(lane) if own_is_free && lane > own && parents.len() == 1 => {
                    self.lead(lane, None);
                    joints.push((lane, UP));
                    own
                }
                Some(lane) => {
                    joints.push((lane, UP | DOWN));
                    continue;
                }
                None if own_is_free => own,
                None => self.free(own + 1),
            };
            self.lead(lane, Some(parent));
            joints.push((lane, DOWN));
        }
        let joints = joints.iter().any(|(lane, _)| *lane != own).then(|| self.joints(own, &joints));
        while self.lanes.last() == Some(&None) {
            self.lanes.pop();
        }
        Drawn { gap, node, joints }
    }

    fn lead(&mut self, lane: usize, to: Option<i64>) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            *lane = to;
        }
    }

    fn find(&self, version: i64) -> Option<usize> {
        self.lanes.iter().position(|leads_to| *leads_to == Some(version))
    }

    /// A free lane at or after `from`, before it where there is none, new where all are taken.
    fn free(&mut self, from: usize) -> usize {
        let is_free = |lane: &usize| self.lanes.get(*lane) == Some(&None);
        let found =
            (from..self.lanes.len()).find(is_free).or_else(|| (0..from.min(self.lanes.len())).rev().find(is_free));
        found.unwrap_or_else(|| {
            self.lanes.push(None);
            self.lanes.len() - 1
        })
    }

    fn line(&self, glyph: impl Fn(usize, Option<i64>) -> char) -> String {
        let mut line = String::with_capacity(self.lanes.len() * 4);
        for (lane, leads_to) in self.lanes.iter().enumerate() {
            if lane > 0 {
                line.push(' ');
            }
            line.push(glyph(lane, *leads_to));
        }
        line.truncate(line.trim_end().len());
        line
    }

    fn joints(&self, own: usize, joints: &[(usize, u8)]) -> String {
        let first = joints.iter().map(|(lane, _)| *lane).fold(own, usize::min);
        let last = joints.iter().map(|(lane, _)| *lane).fold(own, usize::max);
        let mut line = String::with_capacity(self.lanes.len() * 6);
        for (lane, leads_to) in self.lanes.iter().enumerate() {
            if lane > 0 {
                line.push(if first < lane && lane <= last { '─' } else { ' ' });
            }
            let mut open = joints.iter().filter(|(to, _)| *to == lane).fold(0, |open, (_, more)| open | more);
            if lane == own {
                open |= UP;
            }
            if open == 0 {
                // A lane that the joints cross stays a line of its own: `┼` would look like a joint.
                let crossed = first < lane && lane < last;
                line.push(leads_to.map_or(if crossed { '─' } else { ' ' }, |_| '│'));
                continue;
            }
            if lane > first {
                open |= LEFT;
            }
            if lane < last {
                open |= RIGHT;
            }
            line.push(glyph(open));
        }
        line.truncate(line.trim_end().len());
        line
    }
}

fn glyph(open: u8) -> char {
    const BOTH: u8 = UP | DOWN;
    const ACROSS: u8 = LEFT | RIGHT;
    match (open & BOTH, open & ACROSS) {
        (BOTH, 0) => '│',
        (BOTH, LEFT) => '┤',
        (BOTH, RIGHT) => '├',
        (BOTH, _) => '┼',
        (UP, LEFT) => '╯',
        (UP, RIGHT) => '╰',
        (UP, _) => '┴',
        (DOWN, LEFT) => '╮',
        (DOWN, RIGHT) => '╭',
        (DOWN, _) => '┬',
        _ => '─',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws a graph that is written as `version: parents` a line, newest first.
    fn draw(text: &str) -> String {
        let mut lanes = Lanes::default();
        let mut out = String::new();
        for line in text.lines() {
            let (version, parents) = line.split_once(':').unwrap();
            let parents: Vec<i64> = parents.split_whitespace().map(|parent| parent.parse().unwrap()).collect();
            let drawn = lanes.step(version.parse().unwrap(), &parents, '○');
            let node = format!("{}  {version}", drawn.node);
            for line in [drawn.gap, Some(node), drawn.joints].into_iter().flatten() {
                out.push_str(&line);
                out.push('\n');
            }
        }
        out
    }

    /// Every `cases/<case>.graph` gives the drawing in `<case>.txt`.
    #[test]
    fn draws_every_case() {
        crate::cases::each("src/graph_view/cases", |path| {
            let text = fs_err::read_to_string(path).unwrap();
            insta::assert_snapshot!(draw(&text));
        });
    }

    #[test]
    fn a_line_takes_one_lane_however_long_it_is() {
        let mut lanes = Lanes::default();
        for version in (2..=1000).rev() {
            assert_eq!(
                lanes.step(version, &[version - 1], '○'),
                Drawn { gap: None, node: "○".to_owned(), joints: None }
            );
        }
        assert_eq!(lanes.step(1, &[], '○').node, "○");
        assert!(lanes.lanes.is_empty());
    }
}
