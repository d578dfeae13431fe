//! Figures and reports: the same bytes anywhere, the figures of the guide made anew, and other
//! people's text that can become neither markup nor script nor a formula nor a command of a
//! terminal.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

fn run(arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.args(arguments.split_whitespace());
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

#[track_caller]
fn printed(arguments: &str) -> String {
    let output = run(arguments);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().unwrap() < 2, "{arguments}: {notes}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn golden(name: &str, arguments: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(format!("detente {arguments}"));
    settings.bind(|| insta::assert_snapshot!(name, printed(arguments)));
}

#[test]
fn figures_are_the_same_to_the_byte() {
    golden("figure-recorded", "replay --format svg");
    golden(
        "figure-recorded-dark",
        "replay --format svg --theme dark --width 700 --title Dark",
    );
    golden(
        "figure-two-dyads",
        "replay --dyad RUS-UKR --dyad EU-RUS --format svg",
    );
    golden(
        "figure-unbounded",
        "replay --model goldstein-decay --format svg",
    );
    golden(
        "figure-compared",
        "compare recorded scenarios/no-call.json scenarios/sanctions-lifted.json --format svg",
    );
    golden(
        "figure-fans",
        "ensemble scenarios/summit-by-chance.json scenarios/eased-if-held.json --runs 300 --format svg",
    );
    golden(
        "figure-why",
        "why scenarios/grand-bargain.json --format svg",
    );
}

#[test]
fn charts_are_the_same_to_the_letter() {
    golden("chart-recorded", "replay --chart");
    golden(
        "chart-compared",
        "compare recorded scenarios/no-call.json scenarios/sanctions-lifted.json --chart",
    );
    golden(
        "chart-fans",
        "ensemble scenarios/summit-by-chance.json scenarios/eased-if-held.json --runs 300 --chart",
    );
    golden("chart-why", "why --chart");
    golden("chart-narrow", "replay --chart --width 40");
}

#[test]
fn a_report_is_the_same_to_the_byte() {
    golden("report-recorded", "report -o -");
    golden(
        "report-compared",
        "report recorded scenarios/no-call.json --dyad RUS-USA -o -",
    );
    golden(
        "report-chance",
        "report scenarios/summit-by-chance.json --runs 200 -o -",
    );
}

#[test]
fn threads_change_no_byte_of_a_report() {
    let report = |threads| {
        printed(&format!(
            "report scenarios/summit-by-chance.json --runs 2000 --threads {threads} -o -"
        ))
    };
    assert!(report(1) == report(4));
}

#[test]
fn a_chart_fits_its_width_and_has_colours_only_where_they_are_wanted() {
    for (width, option) in [(80, ""), (40, " --width 40"), (120, " --width 120")] {
        for what in [
            "replay",
            "compare recorded scenarios/no-call.json",
            "why",
            "ensemble scenarios/summit-by-chance.json --runs 50",
        ] {
            let chart = printed(&format!("{what} --chart{option}"));
            let widest = chart
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap();
            assert!(
                (width * 3 / 4..=width).contains(&widest),
                "{widest} of {width}: {what}"
            );
            assert!(!chart.contains('\u{1b}'));
        }
    }
    let coloured = printed("compare recorded scenarios/no-call.json --chart --color always");
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn branches_can_be_told_apart_without_colour() {
    let svg = printed(
        "compare recorded scenarios/no-call.json scenarios/sanctions-lifted.json scenarios/no-annexation.json --format svg",
    );
    let document = roxmltree::Document::parse(&svg).unwrap();
    let samples = document.descendants().filter(|it| it.has_tag_name("path"));
    let samples = samples.filter(|it| it.attribute("d").is_some_and(|d| d.ends_with("h28")));
    let looks: Vec<_> = samples
        .map(|it| [it.attribute("stroke"), it.attribute("stroke-dasharray")])
        .collect();
    assert_eq!(looks.len(), 4);
    let strokes: BTreeSet<_> = looks.iter().map(|[stroke, _]| stroke).collect();
    let dashes: BTreeSet<_> = looks.iter().map(|[_, dashes]| dashes).collect();
    assert_eq!([strokes.len(), dashes.len()], [4, 4]);
}

#[test]
fn a_figure_says_what_it_shows_to_those_who_do_not_see_it() {
    let svg = printed("compare recorded scenarios/no-call.json --format svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let said = |name: &str| {
        root.children()
            .find(|it| it.has_tag_name(("http://www.w3.org/2000/svg", name)))
            .and_then(|it| it.text())
            .unwrap()
    };
    assert_eq!(said("title"), "Temperature of RUS-USA");
    assert!(
        said("desc").contains("-2.49 at the end"),
        "{}",
        said("desc")
    );
    assert!(svg.contains("font-family=\"Helvetica, Arial"));
}

#[test]
fn what_no_figure_can_have_is_refused() {
    let says = |arguments: &str| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(
        says("replay --format svg --width 10")
            .contains("a figure is 240 to 4000 pixels wide, not 10")
    );
    assert!(
        says("replay --chart --width 9000")
            .contains("a figure is 40 to 400 columns wide, not 9000")
    );
    assert!(says("replay --width 300").contains("`--width` prints as a chart or svg only"));
    assert!(says("replay --title x").contains("`--title` prints as a chart or svg only"));
    assert!(says("replay --theme dark").contains("`--theme` prints as svg only"));
    assert!(says("replay --chart --format csv").contains("cannot be used with"));
    assert!(says("replay --chart --state-only").contains("cannot be used with"));
    assert!(says("replay --format svg --state-only").contains("table or json"));
    assert!(says("report --dyad FRA-DEU -o -").contains("DEU-FRA"));
    assert!(says("report missing.json -o -").contains("missing.json"));
}

#[test]
fn a_report_that_cannot_be_made_leaves_no_file() {
    let desk = crate::cli::given([("a.json", "{}")]);
    let path = desk.path("report.html");
    let desk = desk.when("report a.json -o report.html").then_exits(2);
    assert!(!path.exists());
    drop(desk);
}

#[test]
fn a_report_of_four_histories_is_smaller_than_500_kilobytes() {
    let page = printed(
        "report recorded scenarios/no-call.json scenarios/sanctions-lifted.json scenarios/meeting-cancelled.json -o -",
    );
    assert!(page.len() < 500_000, "{} bytes", page.len());
}

#[test]
fn a_report_asks_for_nothing_and_has_everything_as_text() {
    let page = printed(
        "report recorded scenarios/no-call.json scenarios/summit-by-chance.json --runs 200 -o -",
    );
    let html = scraper::Html::parse_document(&page);
    let all = |selector: &str| {
        html.select(&scraper::Selector::parse(selector).unwrap())
            .count()
    };
    for asking in [
        "img", "link", "iframe", "object", "embed", "base", "form", "[src]", "[style]", "image",
        "use",
    ] {
        assert_eq!(all(asking), 0, "{asking}");
    }
    assert_eq!(all("script"), 1);
    assert_eq!(all("meta[http-equiv='Content-Security-Policy']"), 1);
    assert_eq!(all("figure"), all("figure .wide svg"));
    assert_eq!(all("figure"), all("figure .narrow svg"));
    let ids: Vec<_> = html
        .select(&scraper::Selector::parse("[id]").unwrap())
        .filter_map(|it| it.attr("id"))
        .collect();
    assert_eq!(
        ids.len(),
        ids.iter().collect::<BTreeSet<_>>().len(),
        "every id is there once"
    );
    // Whatever a mark leads to is there.
    for mark in html.select(&scraper::Selector::parse("a[href^='#']").unwrap()) {
        let id = mark.attr("href").unwrap().trim_start_matches('#');
        assert!(ids.contains(&id), "{id}");
    }
    for said in [
        "Russia annexes Crimea, part of Ukraine",
        "paragraph 7",
        "half_life_days",
        "detente report recorded",
        "meeting-held",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn everything_of_a_report_is_drawn_from_one_seed_and_says_so() {
    let thaw = std::fs::read_to_string("scenarios/two-year-thaw.json").unwrap();
    let other = thaw.replace("\"seed\": 20170128", "\"seed\": 3");
    assert_ne!(thaw, other);
    let desk = crate::cli::given([("other.json", other), ("thaw.json", thaw)]);
    for (option, seed) in [(" --seed 7", "7"), ("", "3")] {
        let arguments = format!("report other.json thaw.json --runs 50{option} -o -");
        let output = desk.detente(&arguments).output().unwrap();
        let page = String::from_utf8(output.stdout).unwrap();
        let seeds: BTreeSet<_> = page
            .split(" of seed ")
            .skip(1)
            .map(|rest| {
                let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap();
                rest.split_at(end).0.to_owned()
            })
            .collect();
        assert_eq!(seeds, BTreeSet::from([seed.to_owned()]));
        let notes = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            notes.contains("different seeds"),
            option.is_empty(),
            "{notes}"
        );
        let beside = format!("what is shown here is run 0 of seed {seed}, one of many");
        assert!(page.matches(&beside).count() >= 4);
        assert!(page.contains("one run of “Two years of talks"));
        // The line is what that run of the scenario is by itself.
        let told = printed(&format!(
            "compare scenarios/two-year-thaw.json scenarios/no-call.json --seed {seed} --dyad RUS-USA --format csv"
        ));
        let mut rows = csv::Reader::from_reader(told.as_bytes());
        let temperature = rows
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "temperature");
        let rows = rows.records().map(Result::unwrap);
        let of_run = rows.filter(|row| row[0].contains("two-year"));
        let last = of_run.last().unwrap()[temperature.unwrap()].to_owned();
        let last = format!("{:.2}", last.parse::<f64>().unwrap()).replace('-', "−");
        assert!(
            page.contains(&format!("<td class=\"number\">{last}</td>")),
            "{last}"
        );
    }
}

#[test]
fn what_was_asked_is_answered_near_the_top_of_a_report() {
    let page = printed(
        "report recorded scenarios/no-call.json scenarios/summit-by-chance.json --runs 200 -o -",
    );
    let html = scraper::Html::parse_document(&page);
    let asked = page.find("id=\"asked\"").unwrap();
    assert!(asked < page.find("<figure").unwrap());
    let said = |selector: &str| {
        let cells = scraper::Selector::parse(selector).unwrap();
        let cells = html.select(&cells).map(|it| it.text().collect::<String>());
        cells.collect::<Vec<_>>()
    };
    assert_eq!(
        said("[aria-label='outcomes of history 2'] td"),
        [
            "warms-in-2017",
            "no",
            "at-its-equilibrium-at-the-end",
            "yes"
        ]
    );
    assert_eq!(
        said("[aria-label='outcomes of history 3'] th"),
        ["outcome", "probability", "low", "high"]
    );
    assert_eq!(page.matches("Asks how much the call changed").count(), 1);
}

#[test]
fn all_days_of_a_dyad_stand_below_each_other_in_a_report() {
    let page = printed("report recorded scenarios/sanctions-lifted.json --dyad RUS-USA -o -");
    let html = scraper::Html::parse_document(&page);
    for (width, edges) in [
        (".wide", "data-left"),
        (".narrow", "data-right"),
        (".wide", "data-first"),
        (".narrow", "data-last"),
    ] {
        let plots = scraper::Selector::parse(&format!("{width} .plot")).unwrap();
        let found: Vec<_> = html
            .select(&plots)
            .filter_map(|it| it.attr(edges))
            .collect();
        assert_eq!(found.len(), 3);
        assert_eq!(
            found.iter().collect::<BTreeSet<_>>().len(),
            1,
            "{edges} {found:?}"
        );
    }
}

#[test]
fn only_the_first_dyad_of_a_report_has_its_ledgers_unfolded() {
    let page = printed(
        "report recorded scenarios/sanctions-lifted.json --dyad RUS-USA --dyad EU-RUS -o -",
    );
    assert!(page.contains("<h3>What the temperature of RUS-USA is made of"));
    assert!(page.contains("<details><summary>What the temperature of EU-RUS is made of"));
}

/// Texts that would do something if anything let them.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=alert(1)>",
        "]]>&amp;&#x3c;b&#62;<!--",
        "</title></style></svg></script><script>alert(2)</script>",
        "=HYPERLINK(\"http://example.org\",\"a\")",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\u{202e}from right to left\u{2066} and \u{200f}marks\u{feff}",
        "مرحبا שלום",
        "🕊️ 👩‍👩‍👧‍👦 🇺🇸",
        "red \u{1b}[31m bell \u{7} nothing \u{0} next \u{85} line \u{2028}",
        "no character \u{fffe}\u{ffff}",
        "tab\tand\nlines\r\nof text",
        "${x} {{7*7}} %s \\u003cscript\\u003e",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("<b>".repeat(1_334).chars().take(4_000).collect());
    texts
}

/// A log and a scenario on it, all of whose texts are hostile.
fn hostile_desk() -> crate::cli::Desk {
    let events = hostile().into_iter().enumerate().map(|(place, text)| {
        let url = if place % 2 == 0 { "javascript:alert(1)" } else { "https://example.org/?q=\"><script>" };
        let tone = if place % 2 == 0 { "negative" } else { "positive" };
        let event = serde_json::json!({
            "id": format!("made-up-{place}"), "date": format!("2017-02-{:02}", place / 3 + 1),
            "source": ["RUS"], "target": ["USA"], "act": "statement", "title": text, "note": text,
            "evidence": [{"document": text, "locator": text, "url": url}], "weight": if tone == "negative" { -2.0 } else { 3.0 }, "reason": text,
        });
        event.to_string() + "\n"
    });
    let text = hostile().join("\n");
    let scenario = serde_json::json!({
        "title": text, "note": text, "base": "log.jsonl", "fork": {"after": "made-up-2"}, "until": "2018-01-31",
        "edits": [{"drop": {"event": "made-up-5"}}],
        "chance": [{"id": "fate", "date": "2017-06-01", "options": [
            {"label": "<b>=1", "probability": 0.5, "events": [{"id": "attack", "source": ["RUS"], "target": ["USA"], "act": "attack", "title": text}]},
            {"label": "\u{202e}none", "probability": 0.5, "events": []},
        ]}],
        "outcomes": [{"id": "colder", "when": {"temperature": {"dyad": "RUS-USA", "below": 0}}}],
    });
    let desk = crate::cli::given([
        ("events.json", events.collect::<String>()),
        ("scenario.json", scenario.to_string()),
    ]);
    desk.when(crate::cli::APPEND).then_exits(0)
}

fn of(desk: &crate::cli::Desk, arguments: &str) -> String {
    let output = desk.detente(arguments).output().unwrap();
    assert!(
        output.status.code().unwrap() < 2,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Characters that act on whoever shows them.
fn acts(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn hostile_text_stays_text_in_a_page() {
    let desk = hostile_desk();
    let page = of(
        &desk,
        "report log.jsonl scenario.json --runs 100 --title <script>alert(3)</script> -o -",
    );
    assert!(!page.contains(acts));
    let html = scraper::Html::parse_document(&page);
    let calm = scraper::Html::parse_document(&printed(
        "report recorded scenarios/summit-by-chance.json --runs 100 -o -",
    ));
    let names = |html: &scraper::Html| -> BTreeSet<String> {
        html.tree
            .nodes()
            .filter_map(|node| Some(node.value().as_element()?.name().to_owned()))
            .collect()
    };
    let foreign: Vec<_> = names(&html).difference(&names(&calm)).cloned().collect();
    assert!(
        foreign
            .iter()
            .all(|name| ["ul", "time", "br"].contains(&name.as_str())),
        "{foreign:?}"
    );
    let elements = html
        .tree
        .nodes()
        .filter_map(|node| node.value().as_element());
    for element in elements {
        for (name, value) in element.attrs() {
            assert!(
                !name.starts_with("on") && !["src", "style", "action"].contains(&name),
                "{name}={value}"
            );
            let is_link = name == "href";
            assert!(
                !is_link || value.starts_with('#') || value.starts_with("https://example.org/"),
                "{value}"
            );
        }
    }
    assert_eq!(
        html.select(&scraper::Selector::parse("script").unwrap())
            .count(),
        1
    );
    let title = html
        .select(&scraper::Selector::parse("h1").unwrap())
        .next()
        .unwrap();
    assert_eq!(
        title.text().collect::<String>(),
        "<script>alert(3)</script>"
    );
    let whole = hostile().pop().unwrap();
    assert!(
        html.root_element().text().any(|text| text == whole),
        "the table has all of a long title"
    );
}

#[test]
fn hostile_text_stays_text_in_a_figure() {
    let desk = hostile_desk();
    for arguments in [
        "replay log.jsonl --format svg",
        "compare log.jsonl scenario.json --format svg",
        "ensemble scenario.json --runs 50 --format svg",
        "why log.jsonl --format svg",
    ] {
        let svg = of(&desk, arguments);
        assert!(!svg.contains(acts), "{arguments}");
        let document = roxmltree::Document::parse(&svg).unwrap();
        for element in document.descendants().filter(|it| it.is_element()) {
            let name = element.tag_name().name();
            assert!(
                [
                    "svg", "title", "desc", "g", "path", "rect", "circle", "text", "clipPath"
                ]
                .contains(&name),
                "{name}"
            );
            assert!(
                element
                    .attributes()
                    .all(|it| !it.name().starts_with("on") && it.name() != "href")
            );
        }
        assert!(
            document
                .descendants()
                .filter_map(|it| it.text())
                .all(|text| text.chars().count() < 4_000)
        );
    }
}

#[test]
fn hostile_text_begins_no_formula_in_csv_and_commands_no_terminal() {
    let desk = hostile_desk();
    for arguments in [
        "replay log.jsonl --format csv",
        "why log.jsonl --format csv",
        "compare log.jsonl scenario.json --format csv",
        "ensemble scenario.json --runs 50 --format csv",
    ] {
        let csv = of(&desk, arguments);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for record in reader.records() {
            for field in &record.unwrap() {
                let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r'])
                    && field.parse::<f64>().is_err();
                assert!(!is_formula, "{arguments}: {field}");
            }
        }
    }
    for arguments in [
        "replay log.jsonl --chart",
        "compare log.jsonl scenario.json --chart",
        "ensemble scenario.json --runs 50 --chart",
        "why log.jsonl --chart",
    ] {
        let chart = of(&desk, arguments);
        assert!(!chart.contains(acts), "{arguments}");
        let widest = chart
            .lines()
            .map(unicode_width::UnicodeWidthStr::width)
            .max();
        assert!(widest <= Some(80), "{arguments}: {widest:?}");
    }
}

#[test]
fn of_very_many_events_marks_thin_out_and_the_ten_thousand_that_change_most_are_in_the_table() {
    // One of no weight, which changes least, in the middle.
    let events = (0..=10_000_u32).map(|number| {
        let day = number * 1_800 / 10_000;
        let date = format!("{}-{:02}-{:02}", 2011 + day / 360, day % 360 / 30 + 1, day % 30 % 28 + 1);
        let [source, target] = if number % 3 == 0 { ["USA", "RUS"] } else { ["RUS", "USA"] };
        let code = ["042", "112", "057", "190", "111"][number as usize % 5];
        let code = if number == 5_000 { "010" } else { code };
        format!("{{\"id\":\"made-up-{number}\",\"date\":\"{date}\",\"source\":[\"{source}\"],\"target\":[\"{target}\"],\"act\":\"coded\",\"code\":\"{code}\",\"title\":\"The event of number {number}\"}}\n")
    });
    let desk = crate::cli::given([("events.json", events.collect::<String>())]);
    let desk = desk.when(crate::cli::APPEND).then_exits(0);
    let page = of(&desk, "report log.jsonl -o -");
    let html = scraper::Html::parse_document(&page);
    let count = |selector: &str| {
        html.select(&scraper::Selector::parse(selector).unwrap())
            .count()
    };
    assert_eq!(count(".events tbody tr"), 10_000);
    assert!(!page.contains("of number 5000<") && page.contains("of number 5001<"));
    assert!(page.contains("Of 10001 events the 10000 that changed most"));
    assert!(
        (10..200).contains(&count(".wide .mark")),
        "{}",
        count(".wide .mark")
    );
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    let svg = of(&desk, "replay log.jsonl --format svg");
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
}

/// The figures of the guide, each with the command that makes it.
const FIGURES: [(&str, &str); 4] = [
    ("recorded.svg", "replay --format svg"),
    (
        "branches.svg",
        "compare recorded scenarios/no-call.json scenarios/sanctions-lifted.json --format svg",
    ),
    (
        "fan.svg",
        "ensemble scenarios/eased-if-held.json --runs 10000 --format svg",
    ),
    (
        "waterfall.svg",
        "why scenarios/grand-bargain.json --format svg",
    ),
];

/// `README_UPDATE=1 cargo test --test command see::` makes them anew.
#[test]
fn the_figures_of_the_guide_are_what_their_commands_make() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let chapter = std::fs::read_to_string(root.join("docs/guide/pictures.md")).unwrap();
    // One more is a picture of the explorer in a browser, made by a test of the explorer.
    let there = std::fs::read_dir(root.join("docs/guide/figures")).unwrap();
    let there: BTreeSet<_> = there.map(|file| file.unwrap().file_name()).collect();
    let made = FIGURES
        .iter()
        .map(|(name, _)| *name)
        .chain(["explorer.png"]);
    assert_eq!(there, made.map(Into::into).collect());
    for (name, arguments) in FIGURES {
        let path = format!("docs/guide/figures/{name}");
        let figure = printed(arguments);
        if std::env::var_os("README_UPDATE").is_some() {
            std::fs::write(root.join(&path), &figure).unwrap();
        }
        assert!(
            figure == std::fs::read_to_string(root.join(&path)).unwrap(),
            "{path} is not what `detente {arguments}` makes"
        );
        assert!(
            chapter.contains(&format!("(figures/{name})")),
            "the chapter shows {path}"
        );
        assert!(
            chapter.contains(&format!("\ndetente {arguments} > {path}\n")),
            "the chapter tells how {path} is made"
        );
    }
}

/// An exercise between two invented countries.
const EXERCISE: &str = r#"
{"id": "about", "date": "2030-01-01", "act": "describes", "title": "The strait of Lume", "names": {"XBL": "Blueland", "XRE": "Redland", "tariff-round": "the tariffs on steel"}}
{"id": "enmity", "date": "2001-01-01", "source": ["XBL"], "target": ["XRE"], "act": "background", "measures": [{"id": "enmity", "kind": "rivalry", "to": "in_force"}]}
{"id": "tariff-round", "date": "2030-01-05", "source": ["XBL"], "target": ["XRE"], "act": "sanctions_imposed", "kind": "tariffs", "title": "Steel is taxed"}
{"id": "visit", "date": "2030-02-01", "source": ["XRE"], "target": ["XBL"], "act": "visit", "agenda": [{"item": "steel", "to": "raised"}]}
"#;

#[test]
fn invented_countries_have_their_names_in_tables_figures_and_reports() {
    let desk = crate::cli::given([("events.json", EXERCISE)])
        .when("log append game.jsonl events.json --recorded 2030-03-01");
    let said = |arguments: &str| {
        let output = desk.detente(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments}");
        String::from_utf8(output.stdout).unwrap()
    };
    for people in [
        "replay game.jsonl",
        "replay game.jsonl --chart",
        "replay game.jsonl --format svg",
        "why game.jsonl",
        "report game.jsonl -o -",
    ] {
        let text = said(people);
        assert!(
            text.contains("Blueland") && text.contains("Redland"),
            "{people}: {text}"
        );
        let is_page = people.starts_with("report");
        assert!(is_page || !text.contains("XBL"), "{people}: {text}");
    }
    assert!(said("replay game.jsonl").contains("The strait of Lume"));
    // Programs have the codes, and the names beside them.
    let json: serde_json::Value =
        serde_json::from_str(&said("replay game.jsonl --format json")).unwrap();
    assert_eq!(json["names"]["XBL"], "Blueland");
    assert_eq!(json["state"]["dyads"][0]["dyad"], "XBL-XRE");
    assert_eq!(json["log"]["events"], 4);
    assert!(said("replay game.jsonl --format csv").contains("XBL-XRE"));
}
