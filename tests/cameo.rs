//! The table of CAMEO codes against the published look-up files, where they are at hand.
//!
//! The files are not part of the crate: a clone without `../shared/data` skips this, and says so.

use detente::model::{Code, Weights};
use std::path::Path;

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn every_code_has_the_published_names_and_weights() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cameo.csv");
    if !file.exists() {
        eprintln!("skipped: {} is not there", file.display());
        return;
    }
    let mut rows = csv::Reader::from_path(&file).unwrap();
    let header = rows.headers().unwrap().clone();
    let mut seen = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let field = |name: &str| {
            let place = header.iter().position(|column| column == name).unwrap();
            row.get(place).unwrap()
        };
        let code: Code = field("code").parse().unwrap();
        let entry = code.row();
        let icews_name = field("name_icews");
        assert!(
            entry.name.eq_ignore_ascii_case(icews_name),
            "{code}: {icews_name}"
        );
        for (weights, column) in [
            (Weights::Gdelt, "goldstein_gdelt"),
            (Weights::Icews, "goldstein_icews"),
        ] {
            // A code that one list lacks has the other's weight.
            if let Ok(weight) = field(column).parse::<f64>() {
                assert_eq!(code.weight(weights), weight, "{code} in {column}");
            }
        }
        seen += 1;
    }
    assert_eq!(seen, Code::all().count());
}
