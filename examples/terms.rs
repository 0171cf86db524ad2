//! Prints the terms of each line of standard input as a JSON array: what a model would count.
//!
//! `cargo run --example terms -- 1-2 3-5 < texts.txt`: word n-grams, then character n-grams; `-`
//! for none.

use std::io::{self, BufRead};

use standpoint::tokenizer::{TokenBuf, Tokenizer, TokenizerConfig};

fn range(written: Option<String>) -> Option<(u8, u8)> {
    let written = written?;
    let (low, high) = written.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let tokenizer_config = TokenizerConfig {
        words: range(args.next()),
        chars: range(args.next()),
        ..TokenizerConfig::default()
    };
    let tokenizer = Tokenizer::new(&tokenizer_config)?;
    let (mut tokens, mut scratch) = (TokenBuf::default(), String::new());
    for line in io::stdin().lock().lines() {
        let mut terms = Vec::new();
        tokenizer.tokenize(&line?, &mut tokens);
        tokenizer.terms(&tokens, &mut scratch, &mut |term| terms.push(term.text.to_owned()));
        println!("{}", serde_json::to_string(&terms)?);
    }
    Ok(())
}
