//! Notices that sessions have ended: whoever runs the server sends them.

use network::openid::OpenidError;
use network::openid::logout::{self, Notice};

use crate::app::App;

impl App {
    /// Notices that have to be sent now. Each comes again later until it [is taken](Self::notice_taken).
    pub async fn notices_due(&self) -> Result<Vec<Notice>, OpenidError> {
        let provider = self.open_provider().await?;
        let mut entropy = self.entropy();
        logout::due(self.store(), provider, &mut *entropy, self.now()).await
    }

    /// An application has taken a notice.
    pub async fn notice_taken(&self, notice: &Notice) -> Result<(), OpenidError> {
        logout::delivered(self.store(), notice, self.now()).await
    }
}
