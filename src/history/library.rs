//! The histories that ship with the crate, each a log under a name.

/// A history that ships with the crate.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Shipped {
    /// What it is called wherever a log is asked for.
    pub name: &'static str,
    /// What it is called at the beginning of a line.
    pub title: &'static str,
    /// The bytes of its log.
    pub log: &'static [u8],
}

/// The log of the recorded history, from the annexation of Crimea to the call of 28 January 2017:
/// the bytes of `scenarios/recorded-history.jsonl`.
pub const RECORDED: &[u8] = include_bytes!("../../scenarios/recorded-history.jsonl");

/// A history of the folder `scenarios/histories`.
macro_rules! history {
    ($name:literal, $title:literal) => {
        Shipped {
            name: $name,
            title: $title,
            log: include_bytes!(concat!("../../scenarios/histories/", $name, ".jsonl")),
        }
    };
}

/// The histories that ship, the recorded one first.
pub const LIBRARY: &[Shipped] = &[
    Shipped {
        name: "recorded",
        title: "The recorded history",
        log: RECORDED,
    },
    history!(
        "chn-usa-2018-2020",
        "China and the United States: the trade conflict, 2018 to 2020"
    ),
    history!(
        "cub-usa-2013-2017",
        "Cuba and the United States, 2013 to 2017"
    ),
    history!(
        "egy-isr-1973-1982",
        "Egypt and Israel, from the war of 1973 to the return of the Sinai in 1982"
    ),
    history!(
        "irn-usa-2013-2020",
        "Iran, the United States and the nuclear plan, 2013 to 2020"
    ),
    history!("korea-2017-2019", "The Korean peninsula, 2017 to 2019"),
    history!(
        "missile-crisis-1962",
        "The United States, the Soviet Union and Cuba in the missile crisis, October to December 1962"
    ),
    history!(
        "rus-usa-2017-2018",
        "Russia and the United States, from the call of 28 January 2017 to the end of 2018"
    ),
];

/// The history of a name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    LIBRARY.iter().find(|shipped| shipped.name == name)
}
