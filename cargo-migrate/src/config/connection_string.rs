//! The two forms of libpq's connection strings, taken apart into pairs of keys and values; and the way back.

use super::database_url::DatabaseUrlError;

/// Takes what stands behind `postgres://` apart.
pub(super) fn url_pairs(rest: &str) -> Result<Vec<(String, String)>, DatabaseUrlError> {
    let mut pairs = Vec::new();
    let mut add = |key: &str, value: String| pairs.push((key.to_owned(), value));
    let mut rest = rest;
    if let Some((credentials, after)) = rest.split_once('@') {
        // `?user=a@b` has its `@` behind the path: then there are no credentials.
        if !credentials.contains('?') || after.contains('/') {
            let (user, password) = match credentials.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (credentials, None),
            };
            if !user.is_empty() {
                add("user", decode(user)?);
            }
            if let Some(password) = password {
                add("password", decode(password)?);
            }
            rest = after;
        }
    }
    let (location, query) = rest.split_once('?').map_or((rest, None), |(location, query)| (location, Some(query)));
    if let Some(c) = ['@', '#'].into_iter().find(|&c| location.contains(c)) {
        return Err(DatabaseUrlError::Unescaped(c));
    }
    let (hosts, database) = location.split_once('/').map_or((location, ""), |(hosts, database)| (hosts, database));
    if !hosts.is_empty() {
        let (mut names, mut ports) = (Vec::new(), Vec::new());
        for host in hosts.split(',') {
            let (name, port) = match host.strip_prefix('[').and_then(|host| host.split_once(']')) {
                Some((name, port)) => (name, port.strip_prefix(':').unwrap_or(port)),
                None => host.split_once(':').unwrap_or((host, "")),
            };
            names.push(decode(name)?);
            ports.push(match port {
                "" => "5432".to_owned(),
                port if port.bytes().all(|digit| digit.is_ascii_digit()) => port.to_owned(),
                _ => return Err(DatabaseUrlError::Port),
            });
        }
        add("host", names.join(","));
        add("port", ports.join(","));
    }
    if !database.is_empty() {
        add("dbname", decode(database)?);
    }
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or(DatabaseUrlError::Pairs)?;
        // JDBC's spelling, which libpq reads as well.
        let (key, value) = if (key, value) == ("ssl", "true") { ("sslmode", "require") } else { (key, value) };
        add(&decode(key)?, decode(value)?);
    }
    Ok(pairs)
}

/// Reads libpq's `key = 'value'` form.
pub(super) fn keyword_pairs(text: &str) -> Result<Vec<(String, String)>, DatabaseUrlError> {
    let mut pairs = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(pairs);
        }
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && *c != '=') {
            key.push(c);
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        chars.next_if_eq(&'=').ok_or(DatabaseUrlError::Pairs)?;
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let quoted = chars.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        loop {
            match chars.next() {
                Some('\\') => value.push(chars.next().ok_or(DatabaseUrlError::Pairs)?),
                Some('\'') if quoted => break,
                Some(c) if !quoted && c.is_whitespace() => break,
                Some(c) => value.push(c),
                None if quoted => return Err(DatabaseUrlError::Pairs),
                None => break,
            }
        }
        pairs.push((key, value));
    }
}

/// Encodes everything but RFC 3986's unreserved characters.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn decode(text: &str) -> Result<String, DatabaseUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (high, low) = (digit().ok_or(DatabaseUrlError::Percent)?, digit().ok_or(DatabaseUrlError::Percent)?);
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| DatabaseUrlError::Percent)?);
    }
    String::from_utf8(bytes).map_err(|_| DatabaseUrlError::Percent)
}
