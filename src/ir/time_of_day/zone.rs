//! Time zones by name.

use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{TimeOfDayError, TimeOfDayPart};
use crate::suggest::closest;

/// A time zone that Flink knows by the same name.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    name: String,
    rules: TimeZone,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// 1 January 1900: what the clocks showed before, Java does not know.
const FIRST_KNOWN: i64 = -2_208_988_800;

/// Names that are younger than the Java 17 that runs Flink, and older names for the same time today.
const TOO_NEW: [(&str, &str); 1] = [("America/Coyhaique", "America/Punta_Arenas")];

impl Zone {
    /// Reads a name. Flink silently takes what it does not know for GMT, so nothing passes that Java's
    /// `TimeZone` may not know: an area and a city (old names like `US/Pacific` among them), or `UTC`. What has no
    /// city is refused: abbreviations and offsets have no daylight saving, or not the one that is meant, and the
    /// sign of `Etc/GMT+5` is the opposite of what it looks like.
    pub(super) fn parse(name: &str) -> Result<Self, TimeOfDayError> {
        let error = |message: String, help: String| TimeOfDayError {
            part: TimeOfDayPart::Zone,
            message,
            help,
        };
        if let Some(rules) = accepted(name) {
            let name = name.to_owned();
            return Ok(Self { name, rules });
        }
        if let Some((_, older)) = TOO_NEW.iter().find(|(new, _)| *new == name) {
            let message = format!("the time zone `{name}` is too new for the Java that runs Flink");
            return Err(error(
                message,
                format!("write `{older}`, whose time is the same"),
            ));
        }
        let help = nearest(name).map_or_else(
            || "write an area and a city like `America/New_York`, or `UTC`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = if name.contains('/') && !name.starts_with("Etc/") {
            format!("unknown time zone `{name}`")
        } else {
            format!("`{name}` is not a time zone by area and city")
        };
        Err(error(message, help))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// By how many seconds its clocks were ahead of UTC's, so many seconds after 1970 began.
    pub(super) fn offset(&self, seconds: i64) -> i32 {
        if seconds < FIRST_KNOWN {
            return self.standard_offset();
        }
        // Timestamps end two days before the year 9999 does, and no clock changes in these.
        let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        self.rules.to_offset(at).seconds()
    }

    /// The offset without daylight saving today, which Java takes for all that it does not know.
    fn standard_offset(&self) -> i32 {
        const WINTER_AND_SUMMER: [i64; 2] = [1_736_899_200, 1_752_537_600];
        let offsets = WINTER_AND_SUMMER.map(|seconds| self.offset(seconds));
        offsets[0].min(offsets[1])
    }
}

fn is_accepted(name: &str) -> bool {
    accepted(name).is_some()
}

/// The zone of a name that is just in the IANA database. The built-in copy is asked, not the system's: what compiles
/// on one machine compiles on all.
fn accepted(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let by_city = name.contains('/') && !name.starts_with("Etc/");
    let too_new = TOO_NEW.iter().any(|(new, _)| *new == name);
    if !by_city || too_new {
        return None;
    }
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}

/// The name that `name` is a slip of the hand or the city of.
fn nearest(name: &str) -> Option<String> {
    let plain = |text: &str| text.to_lowercase().replace(' ', "_");
    let wanted = plain(name);
    let database = TimeZoneDatabase::bundled();
    let names = database.available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = names.filter(|name| is_accepted(name)).collect();
    names.sort();
    let in_city = |zone: &&String| plain(zone).rsplit('/').next() == Some(wanted.as_str());
    let city = names.iter().find(in_city).map(String::as_str);
    city.or_else(|| closest(name, names.iter().map(String::as_str)))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn what_flink_may_take_for_gmt_is_refused() {
        let refusals = [
            "",
            "EST",
            "PST8PDT",
            "Z",
            "+02:00",
            "GMT+2",
            "Etc/GMT+5",
            "utc",
            "america/new_york",
            "New York",
            "Europe/Berln",
            "Mars/Olympus_Mons",
            "America/Coyhaique",
        ]
        .into_iter()
        .fold(String::new(), |mut out, name| {
            let error = Zone::parse(name).unwrap_err();
            assert_eq!(error.part, TimeOfDayPart::Zone);
            writeln!(out, "{}; {}", error.message, error.help).unwrap();
            out
        });
        assert_snapshot!(refusals, @r"
        `` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `EST` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `PST8PDT` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `Z` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `+02:00` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `GMT+2` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `Etc/GMT+5` is not a time zone by area and city; write an area and a city like `America/New_York`, or `UTC`
        `utc` is not a time zone by area and city; did you mean `UTC`?
        unknown time zone `america/new_york`; did you mean `America/New_York`?
        `New York` is not a time zone by area and city; did you mean `America/New_York`?
        unknown time zone `Europe/Berln`; did you mean `Europe/Berlin`?
        unknown time zone `Mars/Olympus_Mons`; write an area and a city like `America/New_York`, or `UTC`
        the time zone `America/Coyhaique` is too new for the Java that runs Flink; write `America/Punta_Arenas`, whose time is the same
        ");
    }

    #[test]
    fn old_names_of_places_are_fine() {
        for name in [
            "US/Pacific",
            "Europe/Kiev",
            "Asia/Calcutta",
            "America/Argentina/Buenos_Aires",
        ] {
            assert_eq!(Zone::parse(name).unwrap().name(), name);
        }
    }

    /// Every name was looked up in `java.util.TimeZone.getAvailableIDs()` of Java 17.0.15: where the database has
    /// grown, the new names belong into [`TOO_NEW`] until Java knows them.
    #[test]
    fn no_name_is_new() {
        let database = TimeZoneDatabase::bundled();
        let accepted = database
            .available()
            .filter(|name| is_accepted(name.as_str()));
        assert_eq!(accepted.count(), 518);
    }
}
