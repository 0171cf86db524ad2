//! Lets browsers in: a token from the address that was opened becomes a cookie, without which
//! nothing is answered.

use std::sync::{Mutex, PoisonError};

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use crate::error::Result;
use crate::serve::answer::Refusal;
use crate::serve::secret::Secret;

/// Where a browser is let in.
pub(super) const ENTRY: &str = "/open";

/// Who is let in.
#[derive(Debug)]
pub(super) struct Access {
    /// Cookies know no ports: each server of a machine needs a name of its own.
    cookie: String,
    session: Secret,
    entry: Entry,
}

/// The token that is exchanged for the cookie.
#[derive(Debug)]
enum Entry {
    /// A new one after each use.
    OneTime(Mutex<Secret>),
    /// The one that the user has chosen and gives to others.
    Fixed(Secret),
}

impl Access {
    /// Access by a token that works once, or by the token of a user.
    ///
    /// # Errors
    /// A system without random numbers.
    pub(super) fn new(port: u16, fixed: Option<Secret>) -> Result<Self> {
        let entry = match fixed {
            Some(token) => Entry::Fixed(token),
            None => Entry::OneTime(Mutex::new(Secret::random()?)),
        };
        Ok(Access { cookie: format!("standpoint-{port}"), session: Secret::random()?, entry })
    }

    /// The token that works once; `None` where the user has chosen one.
    pub(super) fn one_time_token(&self) -> Option<Secret> {
        match &self.entry {
            Entry::OneTime(token) => Some(token.lock().unwrap_or_else(PoisonError::into_inner).clone()),
            Entry::Fixed(_) => None,
        }
    }

    /// Whether the token may stand in an address. One that works again and again would stay in the
    /// history of the browser.
    pub(super) fn takes_address(&self) -> bool {
        matches!(self.entry, Entry::OneTime(_))
    }

    /// Checks that a token may stand in an address.
    ///
    /// # Errors
    /// The token works more than once.
    pub(super) fn check_address(&self) -> std::result::Result<(), Refusal> {
        let why = "A token that works more than once is not taken from an address, which browsers remember.";
        if self.takes_address() { Ok(()) } else { Err(self.locked(why)) }
    }

    /// Checks a token without taking it: a token that works once still works.
    ///
    /// # Errors
    /// A token that is wrong or was used.
    pub(super) fn look_at(&self, token: &str) -> std::result::Result<(), Refusal> {
        let is_right = match &self.entry {
            Entry::Fixed(fixed) => fixed.is(token),
            Entry::OneTime(waiting) => waiting.lock().unwrap_or_else(PoisonError::into_inner).is(token),
        };
        if is_right { Ok(()) } else { Err(self.wrong_token()) }
    }

    /// Takes a token and gives the value of the header that sets the cookie. A token that works
    /// once has been replaced then.
    ///
    /// # Errors
    /// A token that is wrong or was used.
    pub(super) fn enter(&self, token: &str) -> std::result::Result<HeaderValue, Refusal> {
        let is_right = match &self.entry {
            Entry::Fixed(fixed) => fixed.is(token),
            Entry::OneTime(waiting) => {
                let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let is_right = waiting.is(token);
                if is_right {
                    *waiting = Secret::random()?;
                }
                is_right
            }
        };
        if !is_right {
            return Err(self.wrong_token());
        }
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.session.reveal());
        HeaderValue::from_str(&cookie).map_err(|_| Refusal::internal())
    }

    /// Checks that a request has the cookie.
    ///
    /// # Errors
    /// It has none, or a wrong one.
    pub(super) fn check(&self, headers: &HeaderMap) -> std::result::Result<(), Refusal> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let values = cookies
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().strip_prefix(&self.cookie)?.strip_prefix('='));
        match values.fold(false, |found, value| found | self.session.is(value)) {
            true => Ok(()),
            false => Err(self.locked("This browser has not been let in.")),
        }
    }

    fn wrong_token(&self) -> Refusal {
        let is_used_link = self.takes_address();
        let why = match is_used_link {
            true => "This link was used already, or is from an earlier start of the program.",
            false => "The token is wrong.",
        };
        let mut refusal = self.locked(why);
        refusal.is_used_link = is_used_link;
        refusal
    }

    fn locked(&self, why: &str) -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, why).with_hint(match self.entry {
            Entry::OneTime(_) => {
                "open the file open.html in the work folder, which holds a new link after each use"
            }
            Entry::Fixed(_) => "enter the token, or send it to /open as the field `token` of a form",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_cookie(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, value.parse().unwrap());
        headers
    }

    fn given(access: &Access, token: &str) -> String {
        let cookie = access.enter(token).unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn a_token_works_once_and_its_cookie_from_then_on() {
        let access = Access::new(8765, None).unwrap();
        let token = access.one_time_token().unwrap();
        assert!(access.enter("").is_err() && access.enter(&"0".repeat(64)).is_err());
        assert!(access.look_at(token.reveal()).is_ok() && access.look_at(&"0".repeat(64)).is_err());
        let cookie = given(&access, token.reveal());
        let refusal = access.enter(token.reveal()).unwrap_err();
        assert_eq!((refusal.status, refusal.is_used_link), (StatusCode::UNAUTHORIZED, true));
        let next = access.one_time_token().unwrap();
        assert_eq!(given(&access, next.reveal()), cookie);
        assert!(access.check(&with_cookie(&cookie)).is_ok());
        assert!(access.check(&with_cookie(&format!("a=b; {cookie}; c=d"))).is_ok());
    }

    #[test]
    fn no_other_cookie_is_taken() {
        let access = Access::new(8765, None).unwrap();
        let cookie = given(&access, access.one_time_token().unwrap().reveal());
        let value = cookie.split_once('=').unwrap().1;
        for wrong in [
            format!("standpoint-8766={value}"),
            format!("x{cookie}"),
            format!("{cookie}0"),
            cookie[..cookie.len() - 1].to_owned(),
            "standpoint-8765=".to_owned(),
            "standpoint-8765".to_owned(),
            value.to_owned(),
        ] {
            assert!(access.check(&with_cookie(&wrong)).is_err(), "{wrong}");
        }
        assert!(!access.check(&HeaderMap::new()).unwrap_err().is_used_link);
    }

    #[test]
    fn a_token_that_was_chosen_works_again() {
        let chosen = "0123456789abcdef0123456789abcdef";
        let access = Access::new(80, Secret::from_text(chosen)).unwrap();
        assert!(access.one_time_token().is_none());
        assert_eq!(given(&access, chosen), given(&access, chosen));
        assert!(!access.enter("0").unwrap_err().is_used_link);
    }
}
