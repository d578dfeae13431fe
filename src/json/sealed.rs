//! JSON documents that end in the digest of all before it: one bit of a count that was flipped on
//! its way would be a count as good as another.

use serde::Serialize;

/// What stands before the digest, which is the last field.
const DIGEST: &str = ",\"digest\":\"";

/// The bytes of a value that is an object, with its BLAKE3 digest as the last field.
///
/// # Errors
/// When it cannot be put into words.
pub fn seal(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    // The closing brace comes back behind the digest.
    bytes.pop();
    let digest = blake3::hash(&bytes);
    bytes.extend_from_slice(format!("{DIGEST}{digest}\"}}\n").as_bytes());
    Ok(bytes)
}

/// The text of a sealed document without its digest, which must be right.
///
/// # Errors
/// In words, when there is none or it is another.
pub fn unsealed(text: &str) -> Result<String, &'static str> {
    let sealed = text.trim_end().strip_suffix("\"}");
    let (body, digest) = sealed
        .and_then(|sealed| sealed.rsplit_once(DIGEST))
        .ok_or("it does not end in its digest")?;
    if blake3::hash(body.as_bytes()).to_hex().as_str() != digest {
        return Err("it is not as it was written: its digest is another");
    }
    Ok(format!("{body}}}"))
}
