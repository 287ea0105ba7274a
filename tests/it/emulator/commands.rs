//! Commands over an emulator, judged by its ledger.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::env::Env;

#[test]
fn what_apply_deploys_reads_everything_once() {
    let env = Env::new();
    for _ in 0..2 {
        env.apply([]).expect(0);
    }
    let ledger = env.emulator().ledger().unwrap();
    assert_eq!(ledger.check(), []);
    for sink in ["paid-orders", "large-orders"] {
        assert_eq!(ledger.owners(sink, "raw-orders").len(), 1, "{sink}");
    }
}

#[test]
fn regression_10_reading_anew_is_an_overlap_that_the_ledger_sees() {
    let env = Env::new();
    env.apply([]).expect(0);
    let names = env.statements().into_iter();
    for name in names.filter_map(|line| Some(line.split_once(' ')?.0.to_owned())) {
        env.delete(&name);
    }
    let anew = ["--recover=large=earliest", "--recover=paid=earliest"];
    env.apply(anew).expect(0);
    assert!(!env.emulator().ledger().unwrap().check().is_empty());
}

#[test]
fn an_emulator_of_its_own_process_keeps_its_switches_and_its_time() {
    let env = Env::new();
    let mut emulator = env
        .command([
            "emulator",
            "--listen=127.0.0.1:0",
            "--timing=instant",
            "--pool=lfcp-1=1",
            "--behaviour=patch=false",
            "--fault=fault=status,status=503,method=PATCH,times=1",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut url = String::new();
    let mut stdout = BufReader::new(emulator.stdout.take().unwrap());
    stdout.read_line(&mut url).unwrap();
    let url = url.trim_end().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let answers = runtime.block_on(async {
        let http = reqwest::Client::new();
        let statement = format!(
            "{url}/sql/v1/organizations/00000000-0000-0000-0000-000000000000/environments/e/statements/s"
        );
        let patch = async || {
            let answer = http.patch(&statement).body("[]").send().await.unwrap();
            answer.status().as_u16()
        };
        let statuses = (patch().await, patch().await);
        let pool = format!("{url}/fcpm/v2/compute-pools/lfcp-1?environment=e");
        let pool = http.get(pool).send().await.unwrap();
        (statuses, pool.status().as_u16())
    });
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    assert_eq!(answers, ((503, 403), 200));
}
