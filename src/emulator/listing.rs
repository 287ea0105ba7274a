//! Which statements a list request asks for, page by page.

use std::collections::HashMap;

use data_encoding::BASE64URL_NOPAD;

use super::record::Record;
use super::refusal::Refusal;

const DEFAULT_PAGE_SIZE: usize = 10;
const LARGEST_PAGE_SIZE: usize = 100;

/// A request for one page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListQuery {
    size: usize,
    /// Names up to this one were on earlier pages.
    after: Option<String>,
    labels: Vec<(String, String)>,
    compute_pool: Option<String>,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) records: Vec<Record>,
    /// The token of the next page.
    pub(super) next: Option<String>,
}

impl ListQuery {
    /// Reads the parameters; unknown ones are passed over, as the service does.
    pub(super) fn read(parameters: &HashMap<String, String>) -> Result<Self, Refusal> {
        let parameter = |name: &str| {
            parameters
                .get(name)
                .map(String::as_str)
                .filter(|text| !text.is_empty())
        };
        let size = parameter("page_size").map_or(Ok(DEFAULT_PAGE_SIZE), |text| {
            text.parse()
                .ok()
                .filter(|size| (1..=LARGEST_PAGE_SIZE).contains(size))
                .ok_or_else(|| {
                    Refusal::bad_request(format!("page_size must be from 1 to {LARGEST_PAGE_SIZE}"))
                })
        })?;
        let after = parameter("page_token")
            .map(|token| {
                name_of(token).ok_or_else(|| Refusal::bad_request("page_token is not valid"))
            })
            .transpose()?;
        let labels = parameter("label_selector").map_or(Ok(Vec::new()), read_selector)?;
        let compute_pool = parameter("spec.compute_pool_id").map(str::to_owned);
        Ok(Self {
            size,
            after,
            labels,
            compute_pool,
        })
    }

    /// The page of these records, which come sorted by name.
    pub(super) fn page<'a>(&self, records: impl Iterator<Item = &'a Record>) -> Page {
        let mut rest = records
            .filter(|record| self.after.as_ref().is_none_or(|after| record.name > *after))
            .filter(|record| self.matches(record));
        let page: Vec<_> = rest.by_ref().take(self.size).cloned().collect();
        let next = rest
            .next()
            .and(page.last())
            .map(|last| token_of(&last.name));
        Page {
            records: page,
            next,
        }
    }

    fn matches(&self, record: &Record) -> bool {
        self.labels
            .iter()
            .all(|(key, value)| record.labels.get(key) == Some(value))
            && (self.compute_pool.is_none() || self.compute_pool == record.compute_pool)
    }
}

fn read_selector(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    text.split(',')
        .map(|term| {
            term.split_once('=')
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .ok_or_else(|| {
                    Refusal::bad_request("label_selector must be like key=value,key=value")
                })
        })
        .collect()
}

/// A token is the last name of its page, so that deletions in between move nothing.
fn token_of(name: &str) -> String {
    BASE64URL_NOPAD.encode(name.as_bytes())
}

fn name_of(token: &str) -> Option<String> {
    String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parameters: &[(&str, &str)]) -> Result<ListQuery, Refusal> {
        ListQuery::read(
            &parameters
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn parameters_are_checked() {
        assert_eq!(read(&[]).unwrap().size, DEFAULT_PAGE_SIZE);
        assert_eq!(read(&[("page_size", "100")]).unwrap().size, 100);
        assert_eq!(
            read(&[("label_selector", "a=true,b=true")]).unwrap().labels,
            [
                ("a".to_owned(), "true".to_owned()),
                ("b".to_owned(), "true".to_owned())
            ]
        );
        for bad in [
            ("page_size", "0"),
            ("page_size", "101"),
            ("page_size", "ten"),
            ("page_token", "!"),
            ("label_selector", "a"),
        ] {
            assert_eq!(read(&[bad]).unwrap_err().status, 400, "{bad:?}");
        }
    }

    #[test]
    fn a_token_leads_back_to_its_name() {
        assert_eq!(name_of(&token_of("a-0")).as_deref(), Some("a-0"));
    }
}
