use sre_oracle::{corpus, generate::Generator, wire};
use std::io::Write;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut put = |case: &sre_oracle::Case| {
        let mut l = Vec::new();
        wire::write_request(&mut l, case, false);
        l.push(b'\n');
        out.write_all(&l).unwrap();
    };
    for f in corpus::files(std::path::Path::new("corpus")).unwrap() {
        put(&corpus::read(&f).unwrap());
    }
    let s = std::fs::read_to_string("/work/shared/data/realworld-dev.jsonl").unwrap();
    let samples: Vec<_> = s.lines().map(|l| wire::parse_request(l.as_bytes()).unwrap().case).collect();
    samples.iter().for_each(&mut put);
    let mut g = Generator::new(7).with_samples(samples);
    for _ in 0..n {
        put(&g.case());
    }
}
