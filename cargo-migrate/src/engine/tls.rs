//! libpq's TLS modes by rustls.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::config::database_url::{Ssl, SslMode};

/// Why a connection's TLS can't be set up: a setting is wrong, or what it names.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read; the message of `source` names it.
    #[error("can't read what `{key}` names")]
    File {
        /// The connection string's key.
        key: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// A file holds no PEM of the kind that it is to hold.
    #[error("`{}`, which `{key}` names, holds no {what} in PEM form", .path.display())]
    Pem {
        /// The connection string's key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What it is to hold.
        what: &'static str,
    },
    /// A client's certificate without its key, or the reverse.
    #[error("`sslcert` and `sslkey` belong together, and only one is given")]
    HalfClient,
    /// Nothing to check a certificate with.
    #[error("no trusted certificates were found on this machine")]
    NoRoots,
    /// `sslrootcert=system` with a mode that doesn't check names.
    #[error("`sslrootcert=system` takes `sslmode=verify-full` only")]
    WeakSystem,
    /// rustls refuses.
    #[error("TLS can't be set up")]
    Rustls(#[from] rustls::Error),
}

impl TlsError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoRoots => "give the authority's certificate by `sslrootcert=FILE`".to_owned(),
            Self::HalfClient => "give both, or neither".to_owned(),
            Self::WeakSystem => "write `sslmode=verify-full`".to_owned(),
            Self::File { .. } | Self::Pem { .. } | Self::Rustls(_) => return None,
        })
    }
}

/// The mode that the settings mean: `sslrootcert=system` implies `verify-full`, and where there is a root certificate, named or
/// in libpq's own place under `home`, `require` checks it; both as libpq has it.
///
/// # Errors
/// `sslrootcert=system` is given with a weaker mode.
pub fn mode(ssl: &Ssl, home: Option<&Path>) -> Result<SslMode, TlsError> {
    let system = ssl.root_cert.as_deref() == Some("system");
    match ssl.mode {
        None if system => Ok(SslMode::VerifyFull),
        Some(mode) if system && mode != SslMode::VerifyFull => Err(TlsError::WeakSystem),
        Some(SslMode::Require) if ssl.root_cert.is_some() || own_roots(home).is_some() => Ok(SslMode::VerifyCa),
        mode => Ok(mode.unwrap_or_default()),
    }
}

/// Makes a connector for `mode`. `home` is where libpq's own `.postgresql/root.crt` may be.
///
/// # Errors
/// A file that the settings name is missing or wrong.
pub fn connector(ssl: &Ssl, mode: SslMode, home: Option<&Path>) -> Result<MakeRustlsConnect, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = match mode {
        SslMode::Disable | SslMode::Allow | SslMode::Prefer | SslMode::Require => Verifier::any(&provider),
        SslMode::VerifyCa | SslMode::VerifyFull => {
            Verifier::trusting(roots(ssl, home)?, mode == SslMode::VerifyFull, &provider)?
        }
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match (&ssl.cert, &ssl.key) {
        _ if mode == SslMode::Disable => config.with_no_client_auth(),
        (None, None) => config.with_no_client_auth(),
        (Some(cert), Some(key)) => {
            let cert = certificates("sslcert", Path::new(cert))?;
            let bytes = fs_err::read(key).map_err(|source| TlsError::File { key: "sslkey", source })?;
            let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| TlsError::Pem {
                key: "sslkey",
                path: key.into(),
                what: "private key",
            })?;
            config.with_client_auth_cert(cert, key)?
        }
        _ => return Err(TlsError::HalfClient),
    };
    // What `sslnegotiation=direct` needs; servers before 17 don't look at it.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

/// libpq's own place for what is trusted, where there is something.
fn own_roots(home: Option<&Path>) -> Option<PathBuf> {
    home.map(|home| home.join(".postgresql/root.crt")).filter(|path| path.is_file())
}

fn roots(ssl: &Ssl, home: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    match ssl.root_cert.as_deref() {
        Some("system") => system_roots(),
        Some(file) => certificates("sslrootcert", Path::new(file)),
        None => match own_roots(home) {
            Some(path) => certificates("sslrootcert", &path),
            None => system_roots(),
        },
    }
}

fn system_roots() -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() { Err(TlsError::NoRoots) } else { Ok(found) }
}

fn certificates(key: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = fs_err::read(path).map_err(|source| TlsError::File { key, source })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(TlsError::Pem { key, path: path.to_path_buf(), what: "certificate" }),
    }
}

/// Checks as much of a server's certificate as the mode asks for.
#[derive(Debug)]
struct Verifier {
    /// `None`: any certificate will do.
    chain: Option<Chain>,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug)]
struct Chain {
    webpki: Arc<WebPkiServerVerifier>,
    roots: Vec<CertificateDer<'static>>,
    name: bool,
}

impl Verifier {
    fn any(provider: &Arc<CryptoProvider>) -> Self {
        Self { chain: None, provider: Arc::clone(provider) }
    }

    fn trusting(
        roots: Vec<CertificateDer<'static>>,
        name: bool,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, TlsError> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
            .build()
            .map_err(|_| TlsError::NoRoots)?;
        Ok(Self { chain: Some(Chain { webpki, roots, name }), provider: Arc::clone(provider) })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(Chain { webpki, roots, name }) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The chain is checked before the name.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !name => Ok(ServerCertVerified::assertion()),
            // A self-signed server's certificate that is itself what is trusted: PostgreSQL's manual suggests it, and
            // OpenSSL takes it. webpki has checked its dates before it finds that it is an authority's.
            Err(rustls::Error::InvalidCertificate(CertificateError::Other(error)))
                if error.to_string().contains("CaUsedAsEndEntity") && roots.iter().any(|root| root == end_entity) =>
            {
                if *name {
                    rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_libpqs() {
        let ssl = |mode, root: Option<&str>| Ssl { mode, root_cert: root.map(str::to_owned), ..Ssl::default() };
        assert_eq!(mode(&ssl(None, None), None).unwrap(), SslMode::Prefer);
        assert_eq!(mode(&ssl(Some(SslMode::Require), None), None).unwrap(), SslMode::Require);
        assert_eq!(mode(&ssl(Some(SslMode::Require), Some("a.crt")), None).unwrap(), SslMode::VerifyCa);
        assert_eq!(mode(&ssl(None, Some("system")), None).unwrap(), SslMode::VerifyFull);
        assert!(mode(&ssl(Some(SslMode::Require), Some("system")), None).is_err());
    }

    #[test]
    fn wrong_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.crt");
        fs_err::write(&path, "no certificate").unwrap();
        let ssl = Ssl { root_cert: Some(path.to_str().unwrap().to_owned()), ..Ssl::default() };
        let error = connector(&ssl, SslMode::VerifyCa, None).err().unwrap().to_string();
        assert!(error.ends_with("root.crt`, which `sslrootcert` names, holds no certificate in PEM form"), "{error}");
        let ssl = Ssl { cert: Some("a".into()), ..Ssl::default() };
        assert!(matches!(connector(&ssl, SslMode::Require, None), Err(TlsError::HalfClient)));
    }
}
