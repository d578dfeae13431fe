//! Times: the day of every new event and every draw of a scenario, those that hang on others after
//! them.

use super::findings::{Check, Draw, Path};
use super::items::{Item, Items};
use super::waiting::{New, Waiting, What, When, dependencies};
use crate::error::{BadChance, BadEvent, BadScenario};
use crate::history::After;
use crate::model::Day;
use crate::scenario::file::base::Base;
use crate::scenario::file::entry::{Entry, Fate, OptionOf, Own, Ties};
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::ScenarioFile;
use std::collections::{HashMap, HashSet, VecDeque};

/// When something happens.
#[derive(Clone)]
struct Placed {
    day: Day,
    /// The event that its time hangs on, and whether it stands directly behind.
    after: Option<(String, bool)>,
    /// The options that it depends on.
    needs: Vec<OptionOf>,
}

/// What is known of an event's time.
struct Known {
    day: Day,
    happens: bool,
    needs: Vec<OptionOf>,
}

impl Check<'_> {
    /// Adds the events that edits and chance nodes bring.
    pub(super) fn new_events(
        &mut self,
        items: &mut Items<'_>,
        file: &ScenarioFile,
        base: &Base,
        hazards: &Hazards,
    ) {
        // Its own chance nodes stand behind those of the base.
        let brought = hazards.chances.len().saturating_sub(file.chance.len());
        let mut waiting = self.waiting(file, brought);
        self.new_ids(&mut waiting, base);
        let mut known = known(items, &waiting);
        let placed = self.settle(&waiting, &mut known, items, file, base, hazards);
        for (waiting, placed) in waiting.iter().zip(&placed) {
            if let (What::Draw(node), Some(placed)) = (&waiting.what, placed) {
                self.draws.push(Draw {
                    chance: brought + node,
                    day: placed.day,
                    after: placed.after.as_ref().map(|(event, _)| event.clone()),
                    timed: waiting.timed.clone(),
                });
            }
        }
        for (waiting, placed) in waiting.into_iter().zip(placed) {
            let What::Event(new) = waiting.what else {
                continue;
            };
            let record = new.record.as_ref().filter(|_| !new.is_taken);
            let (Some(placed), Some(record)) = (placed, record) else {
                self.lost.note(&new.draft);
                continue;
            };
            let is_late = self.ends_before_it_begins(&new, placed.day);
            let is_wrong = self.other_options(&new, &placed.needs, &known, hazards) || is_late;
            let (after, directly) = placed.after.unzip();
            let own = base.lineage.len();
            items.push(Item {
                entry: Own {
                    record: record.clone().on(placed.day).lasting_until(new.draft.until),
                    fate: Fate::Inserted,
                    forks: 1 << own,
                    ties: Ties {
                        option: new.option,
                        after: after.clone(),
                        maker: Some(own),
                    },
                },
                order: new.order,
                edit: new.edit,
                behind: after.filter(|_| directly == Some(true)),
                written: Some(new.written),
                timed: Some(waiting.timed),
                is_wrong,
            });
        }
    }

    /// Whether the last day of a new event lies before its first, which is told.
    fn ends_before_it_begins(&mut self, new: &New, date: Day) -> bool {
        let Some(until) = new.draft.until.filter(|until| *until < date) else {
            return false;
        };
        let at = [&new.written[..], &["until".into()]].concat();
        self.wrong(&at, BadEvent::EndsBeforeItBegins { until, date });
        true
    }

    /// When each of what waits happens; none where that is wrong, which is told, or hangs on what
    /// is wrong.
    fn settle(
        &mut self,
        waiting: &[Waiting],
        known: &mut HashMap<String, Known>,
        items: &Items<'_>,
        file: &ScenarioFile,
        base: &Base,
        hazards: &Hazards,
    ) -> Vec<Option<Placed>> {
        let brought = hazards.chances.len().saturating_sub(file.chance.len());
        let hangs_on = dependencies(waiting);
        let of_new = waiting.iter().filter_map(|waiting| match &waiting.what {
            What::Event(new) => new.draft.id.as_deref(),
            What::Draw(_) => None,
        });
        let ids = items.ids().chain(of_new);
        let mut blocked: Vec<Vec<usize>> = vec![Vec::new(); waiting.len()];
        let mut ready = VecDeque::new();
        for (place, on) in hangs_on.iter().enumerate() {
            match on {
                Some(on) => blocked[*on].push(place),
                None => ready.push_back(place),
            }
        }
        let mut placed: Vec<Option<Placed>> = vec![None; waiting.len()];
        let mut is_done = vec![false; waiting.len()];
        while let Some(place) = ready.pop_front() {
            let Waiting { what, when, timed } = &waiting[place];
            let drawn = hangs_on[place].and_then(|on| placed[on].clone());
            let mut found = match when {
                When::Never => None,
                When::Drawn(_) => drawn,
                When::On(day) => Some(Placed {
                    day: *day,
                    after: None,
                    needs: Vec::new(),
                }),
                When::After(after) => {
                    let is_wrong = hangs_on[place].is_some() && drawn.is_none();
                    (!is_wrong)
                        .then(|| self.after(after, timed, known, ids.clone(), base))
                        .flatten()
                }
            };
            if let Some(placed) = &mut found
                && !self.depends(&waiting[place], placed, hazards, brought)
            {
                found = None;
            }
            if let (What::Event(new), Some(Placed { day, needs, .. })) = (what, &found)
                && let Some(id) = new.id()
            {
                let (day, needs) = (*day, needs.clone());
                let happens = true;
                let event = Known {
                    day,
                    happens,
                    needs,
                };
                known.insert(id.to_owned(), event);
            }
            placed[place] = found;
            is_done[place] = true;
            ready.extend(std::mem::take(&mut blocked[place]));
        }
        self.circles(waiting, &hangs_on, &is_done, file);
        placed
    }

    /// The time that hangs on an event, if it is there.
    fn after<'n>(
        &mut self,
        after: &After,
        timed: &Path,
        known: &HashMap<String, Known>,
        ids: impl Iterator<Item = &'n str>,
        base: &Base,
    ) -> Option<Placed> {
        let After { event, days } = after;
        let at = |field: &'static str| [&timed[..], &[field.into()]].concat();
        let Some(other) = known.get(event) else {
            if !self.lost.names.contains(event) {
                self.unknown_event(&at("event"), event, ids, base);
            }
            return None;
        };
        if !other.happens {
            let id = event.clone();
            self.wrong(&at("event"), BadScenario::Dropped { id });
            return None;
        }
        let start = other.day;
        let day = self.later((*days).into(), &at("days"), |days| start.plus_days(days))?;
        Some(Placed {
            day,
            after: Some((event.clone(), *days == 0)),
            needs: other.needs.clone(),
        })
    }

    /// Notes the option that an event belongs to among those that it depends on. Tells of what can
    /// never happen: an event that hangs on another option of its own chance node, a draw that
    /// hangs on an event of its own.
    fn depends(
        &mut self,
        Waiting { what, when, timed }: &Waiting,
        placed: &mut Placed,
        hazards: &Hazards,
        brought: usize,
    ) -> bool {
        let (node, option) = match what {
            What::Draw(node) => (brought + node, None),
            What::Event(new) => match new.option {
                Some(option) => (option.chance, Some(option)),
                None => return true,
            },
        };
        let of_node = placed.needs.iter().find(|need| need.chance == node);
        let is_fine = of_node.is_none_or(|need| Some(*need) == option);
        if is_fine {
            placed.needs.extend(option.filter(|_| of_node.is_none()));
            return true;
        }
        let chance = hazards.name_of(node);
        if let When::After(after) = when {
            let id = after.event.clone();
            let at = [&timed[..], &["event".into()]].concat();
            let kind = match option {
                None => BadChance::OwnEvent { id, chance },
                Some(_) => BadChance::OtherOption { id, chance },
            };
            self.wrong(&at, kind);
        }
        false
    }

    /// Whether a cause or conversation of a new event is of another option of its own chance node.
    fn other_options(
        &mut self,
        new: &New,
        needs: &[OptionOf],
        known: &HashMap<String, Known>,
        hazards: &Hazards,
    ) -> bool {
        let mut is_wrong = false;
        let named = [("caused_by", &new.draft.caused_by), ("of", &new.draft.of)];
        for (field, id) in named {
            let Some(id) = id else { continue };
            let others = known.get(id).map_or(&[][..], |other| &other.needs);
            let clash = others.iter().find(|other| {
                let is_clash = |need: &&OptionOf| need.chance == other.chance && need != other;
                needs.iter().any(|need| is_clash(&need))
            });
            let Some(clash) = clash else { continue };
            let chance = hazards.name_of(clash.chance);
            let id = id.clone();
            let at = [&new.written[..], &[field.into()]].concat();
            self.wrong(&at, BadChance::OtherOption { id, chance });
            is_wrong = true;
        }
        is_wrong
    }
}

/// What is known of the events of the base, of those that are asked for: by what waits, and by what
/// hangs on others for its time.
fn known(items: &Items<'_>, waiting: &[Waiting]) -> HashMap<String, Known> {
    let of_items = items.told().filter_map(|(_, item)| item.after());
    let mut asked: HashSet<&str> = of_items.collect();
    for Waiting { what, when, .. } in waiting {
        if let When::After(after) = when {
            asked.insert(&after.event);
        }
        if let What::Event(new) = what {
            let named = [&new.draft.caused_by, &new.draft.of];
            asked.extend(named.into_iter().flatten().map(String::as_str));
        }
    }
    let mut known: HashMap<String, Known> = HashMap::new();
    if asked.is_empty() {
        return known;
    }
    let is_asked = |entry: &Entry<'_>| asked.contains(entry.record.id());
    for entry in items.iter().filter(is_asked) {
        let after = entry.after();
        let mut needs = after
            .and_then(|after| known.get(after))
            .map_or_else(Vec::new, |other| other.needs.clone());
        needs.extend(entry.option());
        let event = Known {
            day: entry.record.date(),
            happens: entry.fate.happens(),
            needs,
        };
        known.insert(entry.record.id().to_owned(), event);
    }
    known
}
