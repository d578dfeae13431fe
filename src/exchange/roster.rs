//! How actors become countries: CAMEO's three-letter codes, names of countries and organisations,
//! and a dictionary.

use super::dictionary::{Dictionary, key};
use super::named::ActorsMap;
use super::row::{Called, PartyIx, Reason};
use crate::exchange::values::fields::{is_missing, utf_8_or_latin_1};
use crate::exchange::values::states::{OnDay, StateCodes};
use crate::model::{Actor, Day, Dyad};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// CAMEO's country codes that are not those of ISO 3166-1 for the same state, Baghdad among them.
const OTHER_CODES: [(&str, &str); 11] = [
    ("BAG", "IRQ"),
    ("FRY", "YUG"),
    ("GZS", "PSE"),
    ("IMY", "IMN"),
    ("KSV", "XKX"),
    ("MTN", "MNE"),
    ("ROM", "ROU"),
    ("TMP", "TLS"),
    ("USR", "SUN"),
    ("WSB", "PSE"),
    ("ZAR", "COD"),
];

/// CAMEO's codes for regions, and for groups of more than one state; the Netherlands Antilles are
/// five countries now.
const REGIONS: [&str; 36] = [
    "AFR", "ANT", "ASA", "BLK", "CAS", "CAU", "CEU", "CFR", "CRB", "EAF", "EEU", "EIN", "EUR",
    "IGO", "IMG", "INT", "LAM", "MDT", "MEA", "MNC", "NAF", "NGO", "NGM", "NMR", "PGS", "SAF",
    "SAM", "SAS", "SCN", "SEA", "SSA", "UIS", "WAF", "WEU", "WST", "XXX",
];

/// Those of CAMEO's codes for known groups that are of an actor here.
const GROUPS: [(&str, &str); 22] = [
    ("ARL", "LAS"),
    ("ASN", "ASEAN"),
    ("CIS", "CIS"),
    ("COE", "COE"),
    ("EEC", "EU"),
    ("GCC", "GCC"),
    ("GOE", "G8"),
    ("GOS", "G7"),
    ("IAE", "IAEA"),
    ("ICC", "ICC"),
    ("IMF", "IMF"),
    ("NAT", "NATO"),
    ("OAS", "OAS"),
    ("OAU", "AU"),
    ("OIC", "OIC"),
    ("OPC", "OPEC"),
    ("PLO", "PSE"),
    ("SCE", "OSCE"),
    ("UNO", "UN"),
    ("WAS", "ECOWAS"),
    ("WBK", "WB"),
    ("WTO", "WTO"),
];

/// What else states and organisations are called than by their own names: in full, for short, as
/// they were called before, or by a part of them; found in ISO 3166, raw ICEWS, the benchmarks made
/// of it, and POLECAT.
const OTHER_NAMES: [(&str, &[&str]); 65] = [
    ("ARE", &["UAE"]),
    ("ATF", &["French Southern Territories"]),
    ("AU", &["OAU", "Organization of African Unity"]),
    ("BES", &["Bonaire"]),
    ("BFA", &["Burkina"]),
    ("BIH", &["Bosnia", "Bosnia-Herzegovina", "Herzegovina"]),
    ("BLM", &["St. Barthélemy"]),
    ("BRN", &["Brunei Darussalam"]),
    ("CCK", &["Cocos Islands", "Keeling Islands"]),
    ("CHN", &["People's Republic of China"]),
    ("CIV", &["Ivory Coast"]),
    (
        "COD",
        &["DR Congo", "DRC", "Democratic Republic of Congo", "Zaire"],
    ),
    ("COG", &["Congo", "Republic of Congo"]),
    ("CPV", &["Cape Verde"]),
    ("CZE", &["Czech Republic"]),
    ("DDR", &["East Germany"]),
    ("DEU", &["West Germany"]),
    ("EU", &["European Communities", "European Community"]),
    ("FLK", &["Falkland Islands (Malvinas)", "Malvinas"]),
    ("FSM", &["Federated States of Micronesia"]),
    (
        "GBR",
        &[
            "Britain",
            "England",
            "Great Britain",
            "Northern Ireland",
            "Scotland",
            "UK",
            "United Kingdom of Great Britain",
            "United Kingdom of Great Britain and Northern Ireland",
        ],
    ),
    ("GEO", &["Abkhazia"]),
    ("HMD", &["Heard Island", "McDonald Islands"]),
    ("IRN", &["Islamic Republic of Iran"]),
    ("KGZ", &["Kyrgyz Republic"]),
    ("KNA", &["St. Kitts", "St. Kitts and Nevis"]),
    ("KOR", &["Republic of Korea"]),
    ("LAO", &["Lao People's Democratic Republic"]),
    ("LAS", &["Arab League"]),
    ("LCA", &["St. Lucia"]),
    ("MAC", &["Macau"]),
    ("MAF", &["St. Martin"]),
    ("MDA", &["Moldova, Republic of", "Republic of Moldova"]),
    (
        "MKD",
        &[
            "FYROM",
            "Macedonia",
            "Macedonia, FYR",
            "Republic of North Macedonia",
            "the former Yugoslav Republic of Macedonia",
        ],
    ),
    ("MMR", &["Burma"]),
    ("NLD", &["Holland"]),
    ("OIC", &["Organisation of Islamic Conference"]),
    ("PCN", &["Pitcairn"]),
    ("PRK", &["Democratic People's Republic of Korea"]),
    (
        "PSE",
        &[
            "Gaza",
            "Gaza Strip",
            "Occupied Palestinian Territory",
            "Palestinian Territories",
            "Palestinian Territory, Occupied",
            "State of Palestine",
            "West Bank",
        ],
    ),
    ("RUS", &["Russian Empire", "Russian Federation"]),
    (
        "SGS",
        &[
            "South Georgia",
            "South Georgia and the South Sandwich Islands",
            "South Sandwich Islands",
        ],
    ),
    ("SHN", &["Saint Helena", "St. Helena"]),
    ("SPM", &["Saint Pierre", "St. Pierre"]),
    ("STP", &["São Tomé"]),
    ("SUN", &["Soviet Union", "USSR"]),
    ("SVK", &["Slovak Republic"]),
    ("SWZ", &["Kingdom of eSwatini", "Swaziland"]),
    ("SXM", &["Saint Maarten", "St. Maarten"]),
    ("SYR", &["Syrian Arab Republic"]),
    ("TLS", &["East Timor"]),
    ("TTO", &["Tobago", "Trinidad", "Trinidad & Tobago"]),
    ("TUR", &["Turkey"]),
    ("TWN", &["Republic of China", "Taiwan, Republic of China"]),
    ("TZA", &["United Republic of Tanzania", "Zanzibar"]),
    ("UKR", &["Crimea"]),
    (
        "USA",
        &["America", "U.S.", "U.S.A.", "United States of America"],
    ),
    ("VAT", &["Vatican", "Vatican City", "Vatican City State"]),
    (
        "VCT",
        &[
            "Saint Vincent",
            "St. Vincent",
            "St. Vincent and the Grenadines",
        ],
    ),
    ("VEN", &["Bolivarian Republic of Venezuela"]),
    ("VIR", &["US Virgin Islands"]),
    ("VNM", &["Democratic Republic of Vietnam", "North Vietnam"]),
    ("YEM", &["Yemen Arab Republic"]),
    ("YUG", &["Yugoslavia"]),
    ("ZWE", &["Rhodesia"]),
];

const REGION_NAMES: [&str; 13] = [
    "Africa",
    "Asia",
    "Caribbean",
    "Central America",
    "Europe",
    "International",
    "Latin America",
    "Middle East",
    "North America",
    "Persian Gulf",
    "South America",
    "South Asia",
    "Southeast Asia",
];

const LETTERS: usize = 26;

/// Every actor that there can be, and how each is called.
#[derive(Debug)]
pub struct Roster {
    actors: Vec<Actor>,
    /// What each three letters stand for as a country's code.
    codes: Vec<Result<PartyIx, Reason>>,
    /// What each three letters stand for as the code of a known group.
    groups: Vec<Option<PartyIx>>,
    names: HashMap<String, Result<PartyIx, Reason>>,
    dictionary: Dictionary,
    map: ActorsMap,
    state_codes: Option<StateCodes>,
    others: Vec<Other>,
    /// Whether a name was looked up that is in the dictionary.
    is_dictionary_met: AtomicBool,
}

/// A code or a name that stands for another actor than it would.
#[derive(Debug)]
struct Other {
    called: String,
    actor: Actor,
    slot: Option<usize>,
    key: String,
    /// Whether it was looked for.
    is_met: AtomicBool,
}

impl Default for Roster {
    fn default() -> Self {
        Self::new(Dictionary::default(), &[])
    }
}

impl Roster {
    /// A roster with a dictionary, and with codes or names that stand for other actors than they
    /// would.
    #[must_use]
    pub fn new(dictionary: Dictionary, others: &[(String, Actor)]) -> Self {
        let mut actors: Vec<_> = Actor::all().collect();
        actors.sort_unstable();
        let mut roster = Self {
            codes: vec![Err(Reason::UnknownActor); LETTERS * LETTERS * LETTERS],
            groups: vec![None; LETTERS * LETTERS * LETTERS],
            names: HashMap::new(),
            actors,
            dictionary,
            map: ActorsMap::default(),
            state_codes: None,
            others: Vec::new(),
            is_dictionary_met: AtomicBool::new(false),
        };
        for code in REGIONS {
            roster.set_code(code, Err(Reason::Region));
        }
        for name in REGION_NAMES {
            roster.names.insert(key(name), Err(Reason::Region));
        }
        for place in 0..roster.actors.len() {
            let actor = roster.actors[place];
            let party = Ok(PartyIx::at(place as u16));
            // A region's code that ISO has given to a state since is a region in CAMEO.
            if !REGIONS.contains(&actor.code()) {
                roster.set_code(actor.code(), party);
            }
            roster.names.insert(key(actor.name()), party);
        }
        for (code, actor) in OTHER_CODES {
            let party = roster.party_of_code(actor);
            roster.set_code(code, party);
        }
        for (group, actor) in GROUPS {
            if let Some(slot) = slot(group.as_bytes()) {
                roster.groups[slot] = roster.party_of_code(actor).ok();
            }
        }
        for (actor, names) in OTHER_NAMES {
            let party = roster.party_of_code(actor);
            for name in names {
                roster.names.insert(key(name), party);
            }
        }
        for (called, actor) in others {
            let party = roster.party_of_code(actor.code());
            roster.set_code(called, party);
            roster.names.insert(key(called), party);
            roster.others.push(Other {
                called: called.clone(),
                actor: *actor,
                slot: slot(called.as_bytes()),
                key: key(called),
                is_met: AtomicBool::new(false),
            });
        }
        roster
    }

    /// The same roster, with names that have the actors of a table, before anything else has a say.
    #[must_use]
    pub fn with_map(mut self, map: ActorsMap) -> Self {
        self.map = map;
        self
    }

    /// The same roster, which reads codes of states as they are said to be coded, in formats that
    /// leave it open.
    #[must_use]
    pub const fn with_state_codes(mut self, codes: Option<StateCodes>) -> Self {
        self.state_codes = codes;
        self
    }

    /// The names that have the actors of a table.
    #[must_use]
    pub const fn map(&self) -> &ActorsMap {
        &self.map
    }

    /// Whether actors may be others than the readers of rows say.
    #[inline]
    pub(super) fn has_a_say(&self) -> bool {
        self.state_codes.is_some() || !self.map.is_empty()
    }

    /// The actor of what a row calls it: that of the table of names, else of a state's code, else
    /// who was found.
    pub(super) fn of_called(
        &self,
        called: &Called<'_>,
        day: Day,
        is_coded: bool,
        found: Result<PartyIx, Reason>,
    ) -> Result<PartyIx, Reason> {
        let mut is_of_other_days = false;
        for name in [&called.name, &called.country] {
            match self.map.actor_on(&utf_8_or_latin_1(name), day) {
                OnDay::Is(actor) => return self.party(actor).ok_or(Reason::UnknownActor),
                OnDay::OnOtherDays => is_of_other_days = true,
                OnDay::Unknown => {}
            }
        }
        if let Some(codes) = self.state_codes.filter(|_| is_coded) {
            match codes.actor_on(&utf_8_or_latin_1(&called.name), day) {
                OnDay::Is(actor) => return self.party(actor).ok_or(Reason::UnknownActor),
                // What is a code is not read as anything else.
                OnDay::OnOtherDays => return Err(Reason::NotThatDay),
                OnDay::Unknown => {}
            }
        }
        found.map_err(|reason| match reason {
            Reason::UnknownActor | Reason::NoActor if is_of_other_days => Reason::NotThatDay,
            reason => reason,
        })
    }

    fn set_code(&mut self, code: &str, party: Result<PartyIx, Reason>) {
        if let Some(slot) = slot(code.as_bytes()) {
            self.codes[slot] = party;
        }
    }

    fn party_of_code(&self, code: &str) -> Result<PartyIx, Reason> {
        let actor = code.parse::<Actor>().ok();
        actor
            .and_then(|actor| self.party(actor))
            .ok_or(Reason::UnknownActor)
    }

    /// Takes note of those of the codes and names that stand for other actors which are looked for.
    #[inline]
    fn meet(&self, is_it: impl Fn(&Other) -> bool) {
        for other in &self.others {
            if is_it(other) {
                other.is_met.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Those of the codes and names that stand for other actors which no row had, each with its
    /// actor.
    pub fn unmet(&self) -> impl Iterator<Item = (&str, Actor)> {
        let unmet = |other: &&Other| !other.is_met.load(Ordering::Relaxed);
        let others = self.others.iter().filter(unmet);
        others.map(|other| (other.called.as_str(), other.actor))
    }

    /// Whether there is a dictionary of which no row has a name.
    #[must_use]
    pub fn is_dictionary_unmet(&self) -> bool {
        !self.dictionary.is_empty() && !self.is_dictionary_met.load(Ordering::Relaxed)
    }

    /// The sides of some dyads, the lesser first.
    #[must_use]
    pub fn sides(&self, dyads: &[Dyad]) -> Vec<[PartyIx; 2]> {
        let sides = |dyad: &Dyad| {
            let [first, second] = dyad.sides().map(|actor| self.party(actor));
            Some([first?, second?])
        };
        dyads.iter().filter_map(sides).collect()
    }

    /// The place of an actor.
    #[must_use]
    pub fn party(&self, actor: Actor) -> Option<PartyIx> {
        let place = self.actors.binary_search(&actor).ok()?;
        Some(PartyIx::at(place as u16))
    }

    /// The actor at a place.
    #[must_use]
    pub fn actor(&self, party: PartyIx) -> Actor {
        self.actors[usize::from(party.place())]
    }

    /// The state of a CAMEO country code or, where that is missing or of a region, the organisation
    /// of a known group's code.
    ///
    /// # Errors
    /// When neither says who it is.
    pub fn of_cameo_or_group<'a>(
        &self,
        code: &[u8],
        group: impl FnOnce() -> &'a [u8],
    ) -> Result<PartyIx, Reason> {
        match self.of_cameo(code) {
            Err(reason @ (Reason::NoActor | Reason::Region)) => {
                self.of_group(group()).ok_or(reason)
            }
            party => party,
        }
    }

    /// The organisation of a known group's code.
    fn of_group(&self, code: &[u8]) -> Option<PartyIx> {
        self.groups[slot(code)?]
    }

    /// The state of a CAMEO country code.
    ///
    /// # Errors
    /// When it is missing, of a region, or unknown.
    pub fn of_cameo(&self, code: &[u8]) -> Result<PartyIx, Reason> {
        match code {
            [] => Err(Reason::NoActor),
            _ => slot(code).map_or(Err(Reason::UnknownActor), |slot| {
                self.meet(|other| other.slot == Some(slot));
                self.codes[slot]
            }),
        }
    }

    /// The actor of a country's or an organisation's name.
    ///
    /// # Errors
    /// When it is missing, of a region, or unknown.
    pub fn of_name(&self, name: &str) -> Result<PartyIx, Reason> {
        let name = name.trim();
        if is_missing(name.as_bytes()) {
            return Err(Reason::NoActor);
        }
        self.of_key(&key(name))
    }

    fn of_key(&self, key: &str) -> Result<PartyIx, Reason> {
        match (self.names.get(key), key.strip_prefix("the")) {
            (Some(party), _) => {
                self.meet(|other| other.key == key);
                *party
            }
            (None, Some(without_article)) => self.of_key(without_article),
            (None, None) => Err(Reason::UnknownActor),
        }
    }

    /// The actor of a column with countries; where that says nothing, the organisation that a name
    /// is of.
    ///
    /// # Errors
    /// When neither says who it is.
    pub fn of_country(&self, country: &[u8], name: &[u8]) -> Result<PartyIx, Reason> {
        match self.of_name(&utf_8_or_latin_1(country)) {
            Err(Reason::NoActor) => {
                let party = self.of_name(&utf_8_or_latin_1(name));
                party.map_err(|_| Reason::NoActor)
            }
            party => party,
        }
    }

    /// The actor of a name as the ICEWS benchmarks have them: a country's own name, a country in
    /// parentheses behind a sector (`Police (Australia)`), or a person whom the dictionary knows on
    /// that day.
    ///
    /// # Errors
    /// When none of these says who it is.
    pub fn of_person(&self, name: &str, day: Day) -> Result<PartyIx, Reason> {
        match self.of_name(name) {
            Err(Reason::UnknownActor) => {}
            party => return party,
        }
        if let Some((_, country)) = name
            .trim()
            .strip_suffix(')')
            .and_then(|rest| rest.rsplit_once('('))
        {
            let party = self.of_name(country);
            if party.is_ok() || party == Err(Reason::Region) {
                return party;
            }
        }
        let found = self.dictionary.code_on(&key(name), day);
        if found != Err(Reason::UnknownActor) {
            self.is_dictionary_met.store(true, Ordering::Relaxed);
        }
        self.of_cameo(&found?)
    }

    /// The actor of a code or a name, whichever it is: `EU`, `RUS`, `RUSGOV`, `Russian Federation`.
    ///
    /// # Errors
    /// When it is missing, of a region, or unknown.
    pub fn of_any(&self, text: &str) -> Result<PartyIx, Reason> {
        let text = text.trim();
        let is_code = text.len() >= 2
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_code && !is_missing(text.as_bytes()) {
            let exact = text
                .parse::<Actor>()
                .ok()
                .and_then(|actor| self.party(actor));
            if let Some(party) = exact.filter(|_| !self.names.contains_key(&key(text))) {
                return Ok(party);
            }
            // A role stands behind its country in groups of three letters.
            let country = &text.as_bytes()[..text.len().min(3)];
            let party = self.of_cameo(country);
            if text.len().is_multiple_of(3) && party != Err(Reason::UnknownActor) {
                // Behind a region, or an organisation in general, may stand which: `IGOUNO`,
                // `IGOEUREEC`.
                let mut groups = text.as_bytes().chunks(3).skip(1);
                let mut group = || groups.find_map(|group| self.of_group(group));
                return party.or_else(|reason| group().ok_or(reason));
            }
            if let Some(party) = self.of_group(text.as_bytes()) {
                return Ok(party);
            }
        }
        match self.of_name(text) {
            Err(Reason::UnknownActor) => {
                // `Government of Russia (Soviet Union)`, as UCDP has it.
                let state = text.strip_prefix("Government of ").unwrap_or(text);
                let state = state.split_once('(').map_or(state, |(state, _)| state);
                match state.trim() {
                    same if same.len() == text.len() => Err(Reason::UnknownActor),
                    state => self.of_key(&key(state)),
                }
            }
            party => party,
        }
    }
}

/// The place of three capital letters.
fn slot(code: &[u8]) -> Option<usize> {
    let &[a, b, c] = code else { return None };
    let letter = |byte: u8| usize::from(byte.wrapping_sub(b'A'));
    let (a, b, c) = (letter(a), letter(b), letter(c));
    (a.max(b).max(c) < LETTERS).then_some((a * LETTERS + b) * LETTERS + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_goes_by_its_name_in_full_for_short_with_or_without_an_article() {
        let roster = Roster::new(Dictionary::default(), &[]);
        for (name, code) in [
            ("the Netherlands", "NLD"),
            ("The United States of America", "USA"),
            ("The Gambia", "GMB"),
            ("the former Yugoslav Republic of Macedonia", "MKD"),
            ("RUSSIAN FEDERATION", "RUS"),
            ("Islamic Republic of Iran", "IRN"),
            ("Czech Republic", "CZE"),
            ("Côte d'Ivoire", "CIV"),
            ("Samoa", "WSM"),
            ("American Samoa", "ASM"),
            ("Thailand", "THA"),
        ] {
            let found = roster.of_name(name).map(|party| roster.actor(party));
            assert_eq!(
                found.map(|actor| actor.code().to_owned()),
                Ok(code.to_owned()),
                "{name}"
            );
        }
        for name in ["the", "the Moon", "The The Hague"] {
            assert_eq!(roster.of_name(name), Err(Reason::UnknownActor), "{name}");
        }
    }

    fn code(roster: &Roster, party: Result<PartyIx, Reason>) -> String {
        party.map_or_else(
            |reason| format!("{reason:?}"),
            |party| roster.actor(party).code().to_owned(),
        )
    }

    #[test]
    fn a_code_or_a_name_is_of_whom_it_says() {
        let roster = Roster::default();
        for (text, expected) in [
            ("EU", "EU"),
            ("RUS", "RUS"),
            (" RUS ", "RUS"),
            ("RUSGOV", "RUS"),
            ("RUSGOVMIL", "RUS"),
            ("RUSG", "UnknownActor"),
            ("IGOUNO", "UN"),
            ("IGOEUREEC", "EU"),
            ("IGO", "Region"),
            ("IGOBUS", "Region"),
            ("EUR", "Region"),
            ("UNO", "UN"),
            ("NAT", "NATO"),
            ("ROM", "ROU"),
            ("USR", "SUN"),
            ("WSB", "PSE"),
            ("KSV", "XKX"),
            ("UK", "GBR"),
            ("UAE", "ARE"),
            ("Russian Federation", "RUS"),
            ("the Russian Federation", "RUS"),
            ("Government of Russia", "RUS"),
            ("Government of Russia (Soviet Union)", "RUS"),
            ("Yemen (North Yemen)", "YEM"),
            ("Government of Atlantis", "UnknownActor"),
            ("Atlantis", "UnknownActor"),
            ("Europe", "Region"),
            ("South Asia", "Region"),
            ("rus", "UnknownActor"),
            ("USA, etc.", "UnknownActor"),
            ("R", "UnknownActor"),
            ("", "NoActor"),
            ("NULL", "NoActor"),
            ("NA", "NoActor"),
            ("---", "NoActor"),
        ] {
            assert_eq!(code(&roster, roster.of_any(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_country_and_a_group_say_together_who_it_is() {
        let roster = Roster::default();
        for (country, group, expected) in [
            ("RUS", "NAT", "RUS"),
            ("", "NAT", "NATO"),
            ("EUR", "EEC", "EU"),
            ("", "", "NoActor"),
            ("EUR", "", "Region"),
            ("EUR", "QQX", "Region"),
            ("WXY", "NAT", "UnknownActor"),
            ("ruS", "NAT", "UnknownActor"),
            ("RU", "NAT", "UnknownActor"),
            ("[US", "NAT", "UnknownActor"),
        ] {
            let found = roster.of_cameo_or_group(country.as_bytes(), || group.as_bytes());
            assert_eq!(code(&roster, found), expected, "{country:?}, {group:?}");
        }
        for (country, name, expected) in [
            ("Russia", "NATO", "RUS"),
            ("", "United Nations", "UN"),
            ("NA", "Somebody", "NoActor"),
            ("Atlantis", "United Nations", "UnknownActor"),
            ("Africa", "United Nations", "Region"),
        ] {
            let found = roster.of_country(country.as_bytes(), name.as_bytes());
            assert_eq!(code(&roster, found), expected, "{country:?}, {name:?}");
        }
    }

    #[test]
    fn a_person_is_of_the_country_behind_the_name_or_in_the_dictionary() {
        let dictionary = Dictionary::read("JANE_DOE [USAGOV 990101-991231]\n");
        let roster = Roster::new(dictionary, &[]);
        let on = |name: &str, day: &str| {
            let found = roster.of_person(name, day.parse().unwrap());
            code(&roster, found)
        };
        assert_eq!(on("Police (Australia)", "1999-01-01"), "AUS");
        assert_eq!(on("Citizen (Africa) ", "1999-01-01"), "Region");
        assert_eq!(on("Men (Atlantis)", "1999-01-01"), "UnknownActor");
        assert_eq!(on("Russia", "1999-01-01"), "RUS");
        assert_eq!(on("", "1999-01-01"), "NoActor");
        assert!(roster.is_dictionary_unmet());
        assert_eq!(on("Jane Doe", "2000-01-01"), "NotThatDay");
        assert!(!roster.is_dictionary_unmet());
        assert_eq!(on("Jane Doe", "1999-05-01"), "USA");
        assert!(!Roster::default().is_dictionary_unmet());
    }

    #[test]
    fn codes_and_names_may_be_said_to_stand_for_others_and_are_met_or_not() {
        let actor = |code: &str| code.parse::<Actor>().unwrap();
        let others = [
            ("QQX".to_owned(), actor("FRA")),
            ("Rivendell".to_owned(), actor("CHE")),
            ("Mordor".to_owned(), actor("RUS")),
        ];
        let roster = Roster::new(Dictionary::default(), &others);
        let unmet = || roster.unmet().map(|(called, _)| called).collect::<Vec<_>>();
        assert_eq!(unmet(), ["QQX", "Rivendell", "Mordor"]);
        assert_eq!(code(&roster, roster.of_cameo(b"QQX")), "FRA");
        assert_eq!(unmet(), ["Rivendell", "Mordor"]);
        assert_eq!(code(&roster, roster.of_name("the rivendell")), "CHE");
        assert_eq!(code(&roster, roster.of_name("Gondor")), "UnknownActor");
        assert_eq!(unmet(), ["Mordor"]);
        assert!(!roster.has_a_say());
        assert!(roster.with_state_codes(Some(StateCodes::Cow)).has_a_say());
    }

    #[test]
    fn a_table_of_names_has_the_first_say_then_codes_of_states() {
        let map = ActorsMap::read("name,actor,from,to\nPutin,RUS,2000-01-01,\nParis,FRA,,\n");
        let roster = Roster::default()
            .with_map(map.unwrap())
            .with_state_codes(Some(StateCodes::Cow));
        assert_eq!((roster.map().len(), roster.map().unmet().len()), (2, 2));
        let on = |name: &str, country: &str, day: &str, is_coded, found| {
            let called = Called {
                name: name.as_bytes().into(),
                country: country.as_bytes().into(),
            };
            let found = roster.of_called(&called, day.parse().unwrap(), is_coded, found);
            code(&roster, found)
        };
        let nobody = Err(Reason::UnknownActor);
        assert_eq!(on("Putin", "", "2001-01-01", true, nobody), "RUS");
        assert_eq!(on("Putin", "", "1999-01-01", true, nobody), "NotThatDay");
        assert_eq!(
            on("Putin", "", "1999-01-01", true, Err(Reason::NoActor)),
            "NotThatDay"
        );
        assert_eq!(
            on("Putin", "", "1999-01-01", true, Err(Reason::Region)),
            "Region"
        );
        assert_eq!(on("Putin", "Paris", "1999-01-01", true, nobody), "FRA");
        assert_eq!(on("nobody", "", "2001-01-01", true, nobody), "UnknownActor");
        assert_eq!(on("2", "", "2001-01-01", true, nobody), "USA");
        assert_eq!(on("2", "", "2001-01-01", false, nobody), "UnknownActor");
        assert_eq!(on("265", "", "2001-01-01", true, nobody), "NotThatDay");
        assert!(roster.map().unmet().is_empty());
    }
}
