//! Just as much of HTTP as one page needs: requests with bounds on everything, and whole answers.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The longest head of a request, in bytes.
const HEAD_BYTES: usize = 16 << 10;
/// The most fields of a head.
const FIELDS: usize = 64;
/// The longest body of a request, in bytes.
pub(super) const BODY_BYTES: u64 = 2 << 20;
/// How long a request or an answer may take on its way.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a connection may be silent between two requests.
const IDLE: Duration = Duration::from_secs(60);

/// A request, as far as anybody asks.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) host: Option<String>,
    pub(super) origin: Option<String>,
    /// From what kind of page a browser says that it comes.
    pub(super) site: Option<String>,
    pub(super) is_json: bool,
    pub(super) body: Vec<u8>,
    /// Whether the connection ends with the answer.
    pub(super) is_last: bool,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
}

/// A status with its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status(pub(super) u16, &'static str);

pub(super) const OK: Status = Status(200, "OK");
pub(super) const BAD: Status = Status(400, "Bad Request");
pub(super) const FORBIDDEN: Status = Status(403, "Forbidden");
pub(super) const NOT_FOUND: Status = Status(404, "Not Found");
const NOT_ALLOWED: Status = Status(405, "Method Not Allowed");
pub(super) const CONFLICT: Status = Status(409, "Conflict");
const LENGTH_REQUIRED: Status = Status(411, "Length Required");
const TOO_LARGE: Status = Status(413, "Content Too Large");
pub(super) const NOT_JSON: Status = Status(415, "Unsupported Media Type");
const HEAD_TOO_LARGE: Status = Status(431, "Request Header Fields Too Large");
pub(super) const BUSY: Status = Status(503, "Service Unavailable");

/// An answer.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: Status,
    pub(super) kind: &'static str,
    /// What a page may do, where it is one.
    pub(super) policy: Option<&'static str>,
    /// The name to keep it under, where it is to be kept.
    pub(super) file: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Response {
    pub(super) fn new(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: OK,
            kind,
            policy: None,
            file: None,
            body: body.into(),
        }
    }

    pub(super) fn refusal(status: Status, says: impl Into<String>) -> Self {
        Self {
            status,
            ..Self::new("text/plain; charset=utf-8", says.into())
        }
    }

    /// Sends it, within the time that an answer may take.
    pub(super) fn send(&self, stream: &mut TcpStream, is_last: bool) -> std::io::Result<()> {
        let Status(number, words) = self.status;
        // Without a policy of its own it may do nothing at all.
        let policy = self
            .policy
            .unwrap_or("default-src 'none'; frame-ancestors 'none'");
        let mut head = format!(
            "HTTP/1.1 {number} {words}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}Content-Security-Policy: {policy}\r\nConnection: {}\r\n",
            self.kind,
            self.body.len(),
            ALWAYS,
            if is_last { "close" } else { "keep-alive" },
        );
        if let Some(file) = &self.file {
            head.push_str(&format!(
                "Content-Disposition: attachment; filename=\"{file}\"\r\n"
            ));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        send_all(stream, &bytes)
    }
}

/// What is said with every answer.
pub(super) const ALWAYS: &str = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n";

/// Sends bytes; whoever takes them too slowly is left.
pub(super) fn send_all(stream: &mut TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    let until = Instant::now() + PATIENCE;
    while !bytes.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_write_timeout(Some(left))?;
        let sent = stream.write(bytes)?;
        if sent == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        bytes = &bytes[sent..];
    }
    stream.flush()
}

/// The next request of a connection; nothing where there is none any more.
///
/// # Errors
/// The answer to what is no request that can be taken.
pub(super) fn read(stream: &mut BufReader<TcpStream>) -> Result<Option<Request>, Response> {
    let Some(head) = read_head(stream)? else {
        return Ok(None);
    };
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let is_whole = matches!(parsed.parse(&head), Ok(httparse::Status::Complete(_)));
    let (Some(method), Some(path), true) = (parsed.method, parsed.path, is_whole) else {
        return Err(Response::refusal(BAD, "This is no request.\n"));
    };
    let method = match method {
        "GET" => Method::Get,
        "POST" => Method::Post,
        _ => return Err(Response::refusal(NOT_ALLOWED, "Only GET and POST.\n")),
    };
    let all = |name: &str| {
        let fields = parsed.headers.iter();
        let own = fields.filter(|field| field.name.eq_ignore_ascii_case(name));
        own.map(|field| String::from_utf8_lossy(field.value).into_owned())
            .collect::<Vec<_>>()
    };
    // What is said twice is not known.
    let one = |name: &str| match &all(name)[..] {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        _ => Err(Response::refusal(BAD, format!("More than one {name}.\n"))),
    };
    if !all("transfer-encoding").is_empty() {
        return Err(Response::refusal(
            LENGTH_REQUIRED,
            "A body needs its length.\n",
        ));
    }
    let length = match one("content-length")? {
        None => 0,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<u64>().unwrap_or(u64::MAX)
        }
        Some(_) => return Err(Response::refusal(BAD, "The length is no number.\n")),
    };
    if length > BODY_BYTES {
        return Err(Response::refusal(
            TOO_LARGE,
            format!("A request has {BODY_BYTES} bytes at most.\n"),
        ));
    }
    let is_json = one("content-type")?.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    let is_last = parsed.version != Some(1)
        || one("connection")?.is_some_and(|it| it.eq_ignore_ascii_case("close"));
    let mut request = Request {
        method,
        path: path.to_owned(),
        host: one("host")?,
        origin: one("origin")?,
        site: one("sec-fetch-site")?,
        is_json,
        body: Vec::new(),
        is_last,
    };
    request.body = read_body(stream, length)?;
    Ok(Some(request))
}

fn refused_late() -> Response {
    Response::refusal(BAD, "The request took too long.\n")
}

/// Everything until the empty line.
fn read_head(stream: &mut BufReader<TcpStream>) -> Result<Option<Vec<u8>>, Response> {
    let mut head = Vec::new();
    let mut until = None;
    loop {
        let patience = match until {
            None => IDLE,
            Some(until) => Instant::saturating_duration_since(&until, Instant::now()),
        };
        if patience.is_zero() {
            return Err(refused_late());
        }
        if stream.get_ref().set_read_timeout(Some(patience)).is_err() {
            return Ok(None);
        }
        let found = match stream.fill_buf() {
            Ok([]) | Err(_) if head.is_empty() => return Ok(None),
            Ok([]) | Err(_) => return Err(refused_late()),
            Ok(found) => found,
        };
        until.get_or_insert_with(|| Instant::now() + PATIENCE);
        let before = head.len();
        head.extend_from_slice(found);
        let from = before.saturating_sub(3);
        if let Some(end) = head[from..].windows(4).position(|it| it == b"\r\n\r\n") {
            let end = from + end + 4;
            stream.consume(end - before);
            head.truncate(end);
            return if end > HEAD_BYTES {
                Err(Response::refusal(HEAD_TOO_LARGE, "The head is too long.\n"))
            } else {
                Ok(Some(head))
            };
        }
        let taken = head.len() - before;
        stream.consume(taken);
        if head.len() > HEAD_BYTES {
            return Err(Response::refusal(HEAD_TOO_LARGE, "The head is too long.\n"));
        }
    }
}

fn read_body(stream: &mut BufReader<TcpStream>, length: u64) -> Result<Vec<u8>, Response> {
    let until = Instant::now() + PATIENCE;
    let mut body = Vec::new();
    while (body.len() as u64) < length {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.get_ref().set_read_timeout(Some(left)).is_err() {
            return Err(refused_late());
        }
        let missing = length - body.len() as u64;
        let mut piece = [0; 8 << 10];
        let most = piece
            .len()
            .min(usize::try_from(missing).unwrap_or(usize::MAX));
        match stream.read(&mut piece[..most]) {
            Ok(0) | Err(_) => return Err(refused_late()),
            Ok(read) => body.extend_from_slice(&piece[..read]),
        }
    }
    Ok(body)
}
