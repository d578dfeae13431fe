//! Inks: the colours of Okabe and Ito, which colour-blind eyes tell apart, on a light and on a dark
//! ground.
//!
//! Source: M. Okabe and K. Ito, Color Universal Design (2008). The first history has the ink of the
//! text.

/// On what ground a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark letters on white.
    Light,
    /// Light letters on a dark ground.
    Dark,
    /// As the page has it, which defines a colour for each name.
    Page,
}

/// What something is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Text,
    Aside,
    Grid,
    Ground,
    Zone,
    Series(usize),
}

/// How many inks there are for histories; then they begin anew, with other dashes.
const SERIES: usize = 7;
const LIGHT: [&str; SERIES] = [
    "#1a1a1a", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];
const DARK: [&str; SERIES] = [
    "#f0f0f0", "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00",
];
const NAMES: [&str; SERIES] = [
    "--ink-1", "--ink-2", "--ink-3", "--ink-4", "--ink-5", "--ink-6", "--ink-7",
];

/// The dashes of lines, so that no line is known by its colour alone.
const DASHES: [&str; SERIES] = ["", "8 3", "2 3", "9 3 2 3", "14 4", "6 2 1 2 1 2", "4 6"];

impl Theme {
    pub(super) fn colour(self, ink: Ink) -> String {
        let place = match ink {
            Ink::Series(place) => {
                let place = place % SERIES;
                return match self {
                    Self::Light => LIGHT[place].to_owned(),
                    Self::Dark => DARK[place].to_owned(),
                    Self::Page => format!("var({})", NAMES[place]),
                };
            }
            Ink::Text => 0,
            Ink::Aside => 1,
            Ink::Grid => 2,
            Ink::Ground => 3,
            Ink::Zone => 4,
        };
        match self {
            Self::Light => {
                ["#1a1a1a", "#565656", "#d4d4d4", "#ffffff", "#f3f3f0"][place].to_owned()
            }
            Self::Dark => ["#f0f0f0", "#b0b0b0", "#44474c", "#16181c", "#202328"][place].to_owned(),
            Self::Page => format!(
                "var({})",
                ["--text", "--aside", "--grid", "--ground", "--zone"][place]
            ),
        }
    }

    /// The definitions of all names for a page in this theme, as CSS.
    #[must_use]
    pub fn definitions(self) -> String {
        let named = [
            ("--text", Ink::Text),
            ("--aside", Ink::Aside),
            ("--grid", Ink::Grid),
            ("--ground", Ink::Ground),
            ("--zone", Ink::Zone),
        ];
        let series = (0..SERIES).map(|place| (NAMES[place], Ink::Series(place)));
        let all = named.into_iter().chain(series);
        let mut text = String::new();
        for (name, ink) in all {
            text.extend([name, ":", &self.colour(ink), ";"]);
        }
        text
    }
}

/// Where inks begin anew, dashes do not, so that no two of the first 49 histories look alike.
const fn dash(series: usize) -> usize {
    (series + series / SERIES) % SERIES
}

/// The dashes of a history's lines.
pub(super) fn dashes(series: usize) -> &'static str {
    DASHES[dash(series)]
}

/// Which dots of a line on the terminal are drawn: so many, then so many not.
pub(super) fn dots(series: usize) -> [usize; 2] {
    [[1, 0], [4, 2], [1, 2], [7, 2], [2, 1], [10, 3], [3, 3]][dash(series)]
}
