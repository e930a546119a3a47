//! Random sequences of everything that can be done to an organization, on a small model of the rules and on the real
//! router: they agree on every answer and on all that is so afterwards, and the invariants hold after every step.
//!
//! The model (`state`, `rules`) is written from the documents, without SQL and without ids of rows. A sequence is a list of
//! seeds; each throws its call from what there is at that moment (`calls`), so that a failing sequence is made smaller by
//! leaving steps out.

mod calls;
mod driver;
mod rules;
mod state;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calls::{Dice, throw};
use driver::Driver;
use rules::No;
use state::Model;

use crate::support::client::World;

/// How often each kind of call succeeded, and was refused as what.
type Counts = BTreeMap<&'static str, (usize, BTreeMap<No, usize>)>;

/// Plays a sequence; what disagrees first, if anything does.
fn play(world: &World, steps: &[u64], counts: &mut Counts, tell: bool) -> Result<(), String> {
    let (mut model, mut driver) = (Model::default(), Driver::on(world));
    for (at, seed) in steps.iter().enumerate() {
        let Some(call) = throw(*seed, &model) else { continue };
        let before = model.clone();
        let expected = model.perform(&call);
        if expected.is_err() {
            assert_eq!(model.lines(), before.lines(), "a refusal changes nothing in the model");
            model = before.clone();
        }
        let seen = driver.perform(&call, &before, &model);
        if tell {
            println!("{at:3} {call:?}\n    {seen:?}");
        }
        if seen != expected {
            return Err(format!("step {at} {call:?}: {seen:?}, not {expected:?}"));
        }
        let (lines, found) = (model.lines(), driver.lines());
        if lines != found {
            let more: Vec<_> = found.difference(&lines).collect();
            let less: Vec<_> = lines.difference(&found).collect();
            return Err(format!("step {at} {call:?}: should not be {more:?}, should be {less:?}"));
        }
        let mut wrong: Vec<String> = driver.broken_invariants().into_iter().map(str::to_owned).collect();
        wrong.extend(driver.wrong_credentials(&model, &mut Dice(*seed)));
        if at % 8 == 7 || at + 1 == steps.len() {
            wrong.extend(driver.wrong_answers(&model));
        }
        if !wrong.is_empty() {
            return Err(format!("step {at} {call:?}: {wrong:?}"));
        }
        let count = counts.entry(call.kind()).or_default();
        match seen {
            Ok(_) => count.0 += 1,
            Err(no) => *count.1.entry(no).or_default() += 1,
        }
    }
    Ok(())
}

fn new_world() -> World {
    World::with(&[("LIMITS", "dev")])
}

/// As [`play`], undone afterwards: what the world has prepared serves every sequence. A panic on the way is a
/// disagreement too.
fn disagreement(world: &mut World, steps: &[u64], counts: &mut Counts) -> Option<String> {
    world.database.raw().execute_batch("SAVEPOINT sequence").expect("a savepoint");
    let played = catch_unwind(AssertUnwindSafe(|| play(world, steps, counts, false)));
    match played {
        Ok(agreed) => {
            world.database.raw().execute_batch("ROLLBACK TO sequence; RELEASE sequence").expect("undone");
            agreed.err()
        }
        Err(panic) => {
            *world = new_world();
            let text = panic.downcast_ref::<String>().cloned();
            Some(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default())
        }
    }
}

/// The shortest sequence with a disagreement that leaving out steps leads to.
fn shortest(world: &mut World, mut steps: Vec<u64>) -> Vec<u64> {
    let mut size = steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            if disagreement(world, &fewer, &mut Counts::new()).is_some() {
                steps = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    steps
}

/// Plays so many sequences; `MODEL_SEED` begins elsewhere, or repeats one.
pub fn agree(sequences: u64, length: usize) {
    let first = std::env::var("MODEL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    let (mut counts, mut world) = (Counts::new(), new_world());
    for seed in first..first + sequences {
        let mut dice = Dice(seed.wrapping_mul(0x0001_0000_0001));
        let steps: Vec<u64> = (0..length).map(|_| dice.next()).collect();
        if let Some(problem) = disagreement(&mut world, &steps, &mut counts) {
            println!("MODEL_SEED={seed}: {problem}");
            let short = shortest(&mut world, steps);
            let again = catch_unwind(AssertUnwindSafe(|| play(&new_world(), &short, &mut Counts::new(), true)));
            panic!("MODEL_SEED={seed}: {problem}\nafter leaving out what does not matter: {again:?}");
        }
    }
    let mut total = 0;
    for (kind, (done, refused)) in &counts {
        total += done + refused.values().sum::<usize>();
        println!("{kind:22} {done:6} done, refused {refused:?}");
    }
    println!("{total} calls in {sequences} sequences");
    let idle = |(kind, (done, refused)): (&&str, &(usize, BTreeMap<No, usize>))| {
        let never_refused = ["create organization"].contains(kind) || !refused.is_empty();
        let done = *kind == "ended credential" || *done > 0;
        (!(never_refused && done)).then(|| (*kind).to_owned())
    };
    let idle: Vec<_> = counts.iter().filter_map(idle).collect();
    assert!(idle.is_empty(), "never done, or never refused: {idle:?}");
    assert_eq!(counts.len(), KINDS, "every kind of call was made: {:?}", counts.keys());
}

/// How many kinds of call there are.
const KINDS: usize = 26;

#[cfg(not(feature = "long"))]
#[test]
fn z4_z5_r1_r3_the_model_and_the_router_agree() {
    agree(60, 50);
}

#[cfg(feature = "long")]
#[test]
fn z4_z5_r1_r3_the_model_and_the_router_agree_for_long() {
    agree(2_000, 120);
}
