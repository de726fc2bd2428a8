//! The table of figures.

use std::fmt;

use super::measure::Sample;

/// One figure: ours, what it is measured against, and the ratio that we aim at.
#[derive(Debug)]
struct Row {
    figure: String,
    ours: String,
    peer: String,
    theirs: String,
    ratio: String,
    aim: String,
}

#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// A pair of commands, run in turn.
    pub(crate) fn pair(&mut self, figure: &str, peer: &str, pairs: &[(Sample, Sample)], aim: &str) {
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        let ours = median(pairs.iter().map(|(ours, _)| ours.seconds()).collect());
        let theirs = median(pairs.iter().map(|(_, theirs)| theirs.seconds()).collect());
        let ratio = median(pairs.iter().map(|(ours, theirs)| ours.seconds() / theirs.seconds()).collect());
        self.rows.push(Row {
            figure: figure.to_owned(),
            ours: format!("{ours:.3} s"),
            peer: peer.to_owned(),
            theirs: format!("{theirs:.3} s"),
            ratio: format!("{ratio:.2}"),
            aim: aim.to_owned(),
        });
        crate::say(&format!("{figure}: {ours:.3} s, {peer} {theirs:.3} s, ratio {ratio:.2} (aim {aim})"));
    }

    /// A figure of ours alone.
    pub(crate) fn alone(&mut self, figure: &str, ours: &str, aim: &str) {
        crate::say(&format!("{figure}: {ours} (aim {aim})"));
        self.rows.push(Row {
            figure: figure.to_owned(),
            ours: ours.to_owned(),
            peer: String::new(),
            theirs: String::new(),
            ratio: String::new(),
            aim: aim.to_owned(),
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["figure", "ours", "against", "theirs", "ratio", "aim"].map(str::to_owned);
        let rows: Vec<[String; 6]> =
            std::iter::once(head)
                .chain(self.rows.iter().map(|row| {
                    [&row.figure, &row.ours, &row.peer, &row.theirs, &row.ratio, &row.aim].map(Clone::clone)
                }))
                .collect();
        let mut widths = [0; 6];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in rows {
            let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}
