//! Finds the assignment before JSON in a script, as the archives of Twitter have it:
//! `window.YTD.tweets.part0 = [...]`.

/// Longest assignment, with the bracket behind it.
pub(super) const MAX_ASSIGNMENT: usize = 200;
/// Words before a name that is declared.
const DECLARATIONS: [&str; 4] = ["var ", "let ", "const ", "export const "];

/// How many bytes of an assignment a text begins with; 0 where it begins with none.
pub(super) fn assignment(head: &[u8]) -> usize {
    let beginning = head.get(..MAX_ASSIGNMENT.min(head.len())).unwrap_or(head);
    let Some(sign) = beginning.iter().position(|&byte| byte == b'=') else { return 0 };
    let Ok(name) = std::str::from_utf8(beginning.get(..sign).unwrap_or(&[])) else { return 0 };
    let name = name.trim();
    let declared = DECLARATIONS.iter().find_map(|word| name.strip_prefix(word)).map(str::trim_start);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '$');
    // Any word may stand before `=` in a text, but not one with points.
    let is_assigned = declared.is_some() || name.contains('.');
    let behind = head.get(sign + 1..).unwrap_or(&[]).trim_ascii_start();
    let named = declared.unwrap_or(name);
    let is_sure = is_assigned
        && !named.is_empty()
        && named.chars().all(is_name)
        && matches!(behind.first(), Some(b'[' | b'{'));
    if is_sure { sign + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_ends_behind_its_sign() {
        assert_eq!(assignment(b"window.YTD.posts.part0 = [ {"), 24);
        assert_eq!(assignment(b"const posts = [{"), 13);
        for text in
            ["[{\"a\": \"x = [\"}]", "x = [1]", "A text. It says x = {}", "a.b = 7", "a.b == [", "", "= ["]
        {
            assert_eq!(assignment(text.as_bytes()), 0, "{text}");
        }
    }
}
