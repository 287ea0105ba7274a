//! Who may come in, as whom, and what they may do.

use data_encoding::BASE64;
use secrecy::{ExposeSecret as _, SecretString};

use crate::api::Credentials;

/// Somebody who may come in.
#[derive(Debug, Clone)]
pub struct Account {
    /// What they present.
    pub credentials: Credentials,
    /// Whom statements run as that name nobody (`sa-...`, `u-...`).
    pub principal: Option<String>,
    /// What they may do.
    pub access: Access,
}

/// What an account may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// Everything, but statements run as the account itself.
    OwnPrincipal,
    /// Look, and change nothing.
    ReadOnly,
    /// Everything within one compute pool; what is not there is forbidden.
    Pool(String),
    /// Nothing: the key is good for something else, such as the Cloud API.
    Elsewhere,
}

impl Account {
    /// Somebody who may do everything.
    pub fn full(credentials: Credentials) -> Self {
        Self {
            credentials,
            principal: None,
            access: Access::Full,
        }
    }

    /// The `Authorization` header that says who they are.
    pub(super) fn authorization(&self) -> SecretString {
        match &self.credentials {
            Credentials::Basic { key, secret } => {
                let pair = format!("{key}:{}", secret.expose_secret());
                format!("Basic {}", BASE64.encode(pair.as_bytes())).into()
            }
            Credentials::Bearer { token, .. } => format!("Bearer {}", token.expose_secret()).into(),
        }
    }

    /// Whether they may see and change statements of this pool.
    pub(super) fn may_use_pool(&self, pool: Option<&str>) -> bool {
        match &self.access {
            Access::Pool(own) => pool == Some(own),
            _ => true,
        }
    }

    /// Whether statements may run as this principal.
    pub(super) fn may_assign(&self, principal: &str) -> bool {
        self.access != Access::OwnPrincipal || self.principal.as_deref() == Some(principal)
    }
}
