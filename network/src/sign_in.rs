//! Signing in, step by step: admitted or told to wait, the password, a second factor, a session.
//!
//! Comparing a password takes tens of milliseconds of a processor, so it stands apart: whoever serves many calls
//! [`Admitted::compare`] where it is in nobody's way.
//!
//! **Invariant:** an account that has a second factor gets no session by its password alone. Whether a login name
//! exists shows neither in the answer nor in the time it takes.

use jiff::Timestamp;
use model::Entropy;
use store::{Store, StoreError};

use crate::accounts::{self, Account, Login};
use crate::batch::Batch;
use crate::ceremonies::{self, Ceremony, Kind};
use crate::id::{AccountId, SessionId};
use crate::lockout::{self, Trier, Try, Wait};
use crate::passkeys::{self, Assertion, PasskeyError, RelyingParty};
use crate::passwords::{self, Cost, HashError, Password, Verdict};
use crate::recovery_codes::{self, RecoveryCode};
use crate::secret::{CentreKey, Token};
use crate::sessions::{self, Lifetimes, Method, Methods, Origin};
use crate::totp::{self, TotpError};

mod factors;
mod found;
mod refusing;
mod standing;

pub(crate) use self::factors::reset_factors_in;
pub use self::factors::{Factors, reset_factors};
pub use self::standing::{Standing, standing};

/// Where people sign in: the registry, the data centre's key, what hashing costs, how long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    pub store: &'a Store,
    pub key: &'a CentreKey,
    pub cost: Cost,
    pub lifetimes: Lifetimes,
}

/// From where, and on which device, somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    pub origin: Origin,
    /// What the browser brought as its device's token.
    pub device: Option<Token>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("login name, password or code is wrong")]
    Wrong,

    #[error("there were too many failures; try again after {}", .0.until)]
    Wait(Wait),

    #[error("this step came too late; begin again")]
    NotUnderWay,

    #[error(transparent)]
    Passkey(#[from] PasskeyError),

    #[error(transparent)]
    Hash(#[from] HashError),

    #[error(transparent)]
    Totp(TotpError),

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody whose password may be compared.
#[derive(Clone, Debug)]
pub struct Admitted {
    admitted: Try,
    account: Option<AccountId>,
    phc: Option<String>,
}

/// What comparing a password came to.
#[derive(Clone, Debug)]
pub struct Compared {
    admitted: Admitted,
    verdict: Verdict,
    /// The password hashed anew, where it was hashed at another cost.
    anew: Option<String>,
}

/// A session that was opened; both tokens are for the browser alone.
#[derive(Clone, Debug)]
pub struct Opened {
    pub account: AccountId,
    pub session: SessionId,
    pub token: Token,
    /// By which this device is known from now on.
    pub device: Token,
}

/// What follows a right password.
#[derive(Clone, Debug)]
pub enum Step {
    Opened(Opened),
    /// A second factor is to be shown; the token goes on with the ceremony.
    SecondFactor(Token),
}

/// A code that stands for a second factor.
#[derive(Clone, Debug)]
pub enum Code {
    Authenticator(String),
    Recovery(RecoveryCode),
}

impl Desk<'_> {
    /// Lets somebody try a password.
    ///
    /// # Errors
    /// [`SignInError::Wait`].
    pub async fn admit(
        &self,
        login: &str,
        caller: &Caller,
        at: Timestamp,
    ) -> Result<Admitted, SignInError> {
        let typed: Option<Login> = login.parse().ok();
        let found = match &typed {
            Some(login) => found::find(self.store, login, caller.device.as_ref()).await?,
            None => None,
        };
        // What is no login name at all is counted together.
        let nobody = || "--".parse().map_err(|_| SignInError::Wrong);
        let login = typed.map_or_else(nobody, Ok)?;
        let (device, network) = (caller.device.as_ref(), caller.origin.network.as_str());
        let account = found.as_ref().map(|it| it.account);
        let trier = Trier { login: &login, account, device, network };
        let is_known = found.as_ref().is_some_and(|it| it.is_known);
        let admitted = lockout::admit_on(self.store, self.key, &trier, is_known, at).await?;
        let admitted = admitted.map_err(SignInError::Wait)?;
        Ok(Admitted { admitted, account, phc: found.and_then(|it| it.phc) })
    }

    async fn let_through(
        &self,
        account: &Account,
        caller: &Caller,
        at: Timestamp,
    ) -> Result<Try, SignInError> {
        let (device, network) = (caller.device.as_ref(), caller.origin.network.as_str());
        let trier = Trier { login: &account.login, account: Some(account.id), device, network };
        lockout::admit(self.store, self.key, &trier, at).await?.map_err(SignInError::Wait)
    }

    /// Opens a session, or asks for a second factor where there is one.
    ///
    /// # Errors
    /// [`SignInError::Wrong`].
    pub async fn go_on(
        &self,
        compared: Compared,
        caller: &Caller,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, SignInError> {
        let Compared { admitted, verdict, anew } = compared;
        let Some(account) = admitted.account.filter(|_| verdict != Verdict::Wrong) else {
            return Err(self.refuse_password(&admitted, at).await);
        };
        if let (Some(anew), Some(old)) = (&anew, &admitted.phc) {
            passwords::keep_anew(self.store, account, old, anew).await?;
        }
        let methods = Methods::of([Method::Password]);
        if self.factors(account).await?.any() {
            // The try counts as failed until the second factor is shown: else codes could be tried without end.
            let ceremony = Ceremony { account: Some(account), methods, challenge: String::new() };
            let token =
                ceremonies::begin(self.store, Kind::SecondStep, &ceremony, at, entropy).await?;
            return Ok(Step::SecondFactor(token));
        }
        let admitted = Some(&admitted.admitted);
        self.open(account, methods, admitted, caller, at, entropy).await.map(Step::Opened)
    }

    /// Whose second factor is asked for in a ceremony, and which factors they have.
    ///
    /// # Errors
    /// [`SignInError::NotUnderWay`].
    pub async fn second_step(
        &self,
        token: &Token,
        at: Timestamp,
    ) -> Result<(AccountId, Factors), SignInError> {
        let ceremony = ceremonies::find(self.store, Kind::SecondStep, token, at).await?;
        let account = ceremony.and_then(|it| it.account).ok_or(SignInError::NotUnderWay)?;
        Ok((account, self.factors(account).await?))
    }

    /// Takes a code for the second factor and opens a session.
    ///
    /// # Errors
    /// [`SignInError::Wrong`]; the ceremony goes on then.
    pub async fn show_code(
        &self,
        token: &Token,
        code: &Code,
        caller: &Caller,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Opened, SignInError> {
        let (account, _) = self.second_step(token, at).await?;
        let found = accounts::find(self.store, account).await?;
        let found = found.filter(|it| it.closed_at.is_none()).ok_or(SignInError::NotUnderWay)?;
        let admitted = self.let_through(&found, caller, at).await?;
        self.take_or_refuse(account, code, &admitted, at).await?;
        let ceremony = ceremonies::take(self.store, Kind::SecondStep, token, at).await?;
        let ceremony = ceremony.ok_or(SignInError::NotUnderWay)?;
        let methods = ceremony.methods.and(Method::OneTimeCode);
        self.open(account, methods, Some(&admitted), caller, at, entropy).await
    }

    /// Opens a session for whoever answers with a passkey: it is two factors by itself.
    ///
    /// # Errors
    /// [`SignInError::Passkey`].
    pub async fn show_passkey(
        &self,
        party: &RelyingParty,
        token: &Token,
        answer: &Assertion,
        caller: &Caller,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Opened, SignInError> {
        let account = passkeys::check(self.store, party, token, answer, at).await?;
        let found = accounts::find(self.store, account).await?;
        if found.is_none_or(|it| it.closed_at.is_some()) {
            return Err(SignInError::Wrong);
        }
        self.open(account, Methods::of([Method::Passkey]), None, caller, at, entropy).await
    }

    /// Goes on with whoever another provider vouches for: opens a session, or asks for a second factor where there is one.
    pub async fn vouch(
        &self,
        account: AccountId,
        caller: &Caller,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Step, SignInError> {
        let methods = Methods::of([Method::Federated]);
        if self.factors(account).await?.any() {
            let ceremony = Ceremony { account: Some(account), methods, challenge: String::new() };
            let token =
                ceremonies::begin(self.store, Kind::SecondStep, &ceremony, at, entropy).await?;
            return Ok(Step::SecondFactor(token));
        }
        self.open(account, methods, None, caller, at, entropy).await.map(Step::Opened)
    }

    /// Proves again whose a session is: gives it a new token and a new time of proof.
    ///
    /// # Errors
    /// [`SignInError::Wrong`], also when the password is another account's, or a code is missing where the account
    /// has an authenticator.
    pub async fn prove_again(
        &self,
        session: &sessions::Session,
        compared: Compared,
        code: Option<&Code>,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Token, SignInError> {
        let right = compared.verdict != Verdict::Wrong;
        if !right || compared.admitted.account != Some(session.account) {
            return Err(self.refuse_password(&compared.admitted, at).await);
        }
        let mut methods = Methods::of([Method::Password]);
        if self.factors(session.account).await?.authenticator {
            let (code, admitted) = (code.ok_or(SignInError::Wrong)?, &compared.admitted.admitted);
            self.take_or_refuse(session.account, code, admitted, at).await?;
            methods = methods.and(Method::OneTimeCode);
        } else if session.level > methods.level() {
            // A session that was opened by a passkey does not fall back by its owner's proving more.
            methods = session.methods.clone().and(Method::Password);
        }
        lockout::succeeded(self.store, &compared.admitted.admitted).await?;
        let (store, account) = (self.store, session.account);
        let token = sessions::renew(store, account, session.id, methods, at, entropy).await?;
        token.ok_or(SignInError::NotUnderWay)
    }

    /// Whether a password was the one of an account that is signed in already.
    ///
    /// # Errors
    /// [`SignInError::Wrong`].
    pub async fn check_own(
        &self,
        account: AccountId,
        compared: Compared,
        at: Timestamp,
    ) -> Result<(), SignInError> {
        if compared.verdict == Verdict::Wrong || compared.admitted.account != Some(account) {
            return Err(self.refuse_password(&compared.admitted, at).await);
        }
        Ok(lockout::succeeded(self.store, &compared.admitted.admitted).await?)
    }

    /// Which second factors an account has.
    pub async fn factors(&self, account: AccountId) -> Result<Factors, StoreError> {
        factors::find(self.store, account).await
    }

    async fn take(
        &self,
        account: AccountId,
        code: &Code,
        at: Timestamp,
    ) -> Result<(), SignInError> {
        let (store, key) = (self.store, self.key);
        match code {
            Code::Authenticator(code) => match totp::take(store, key, account, code, at).await {
                Ok(()) => Ok(()),
                Err(TotpError::WrongCode | TotpError::OfferRanOut) => Err(SignInError::Wrong),
                Err(error @ (TotpError::NotOurs(_) | TotpError::Store(_))) => {
                    Err(SignInError::Totp(error))
                }
            },
            Code::Recovery(code) => {
                let taken = recovery_codes::take(store, key, account, code, at).await?;
                if taken { Ok(()) } else { Err(SignInError::Wrong) }
            }
        }
    }

    /// Opens a session, and with it takes back what the try counted.
    async fn open(
        &self,
        account: AccountId,
        methods: Methods,
        admitted: Option<&Try>,
        caller: &Caller,
        at: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Opened, SignInError> {
        let device = caller.device.clone().unwrap_or_else(|| Token::new(entropy));
        let (origin, lifetimes) = (&caller.origin, &self.lifetimes);
        let opening = sessions::Opening::new(account, methods, origin, lifetimes, at, entropy);
        let batch = admitted.into_iter().fold(Batch::default(), lockout::and_forgiven);
        let batch = lockout::and_known(batch, account, &device, at);
        let batch = opening.added_to(batch);
        let (session, token) = opening.made(self.store, batch).await?;
        Ok(Opened { account, session, token, device })
    }
}

impl Admitted {
    /// Compares a password, also where there is no account: that takes as long.
    ///
    /// # Errors
    /// [`HashError`] when something kept cannot be read, or the cost is none.
    pub fn compare(
        self,
        password: &Password,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<Compared, HashError> {
        let verdict = match &self.phc {
            Some(phc) => passwords::verify(password, phc, cost)?,
            None => passwords::verify_nobody(password, cost)?,
        };
        let anew = match verdict {
            Verdict::RightAtAnotherCost => Some(passwords::hash(password, cost, entropy)?),
            Verdict::Right | Verdict::Wrong => None,
        };
        Ok(Compared { admitted: self, verdict, anew })
    }
}

#[cfg(test)]
mod tests;
