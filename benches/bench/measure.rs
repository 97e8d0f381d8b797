//! Ours and its yardstick in turn, and what came of it.
//!
//! Only ratios count: both sides are measured in the same run, in rounds that take turns, and each round gives one
//! ratio. Where the machine's other work would drown a wall clock, speed is per second of CPU time.

use std::fs;
use std::process::Command;
use std::time::Instant;

use crate::Result;

/// What happened in one round of one side.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Things done.
    pub done: usize,
    /// In how many seconds, of CPU time or on the wall clock.
    pub seconds: f64,
}

impl Round {
    fn speed(self) -> f64 {
        f64::from(u32::try_from(self.done).unwrap_or(u32::MAX)) / self.seconds.max(1e-9)
    }
}

/// The rounds of both sides.
#[derive(Debug, Default)]
pub struct Rounds {
    ours: Vec<f64>,
    yardstick: Vec<f64>,
    done: usize,
}

/// Lets both sides do the same, in turns: A B, B A, A B, … One round of each is thrown away first.
pub async fn alternate(
    rounds: usize,
    mut ours: impl AsyncFnMut() -> Result<Round>,
    mut yardstick: impl AsyncFnMut() -> Result<Round>,
) -> Result<Rounds> {
    ours().await?;
    yardstick().await?;
    let mut all = Rounds::default();
    for round in 0..rounds {
        let (a, b) = if round % 2 == 0 {
            let a = ours().await?;
            (a, yardstick().await?)
        } else {
            let b = yardstick().await?;
            (ours().await?, b)
        };
        all.ours.push(a.speed());
        all.yardstick.push(b.speed());
        all.done += a.done;
    }
    Ok(all)
}

/// Times `work` on the wall clock.
pub async fn on_the_wall(done: usize, work: impl Future<Output = Result<()>>) -> Result<Round> {
    let start = Instant::now();
    work.await?;
    Ok(Round {
        done,
        seconds: start.elapsed().as_secs_f64(),
    })
}

/// Times `work` by the CPU time that the threads of this process spend meanwhile, but for those in `without`.
pub async fn by_cpu(
    done: usize,
    without: &[u32],
    work: impl Future<Output = Result<()>>,
) -> Result<Round> {
    let before = cpu_seconds(without)?;
    work.await?;
    Ok(Round {
        done,
        seconds: cpu_seconds(without)? - before,
    })
}

/// CPU time of this process, to the nanosecond: `/proc/self/stat` counts in hundredths of a second.
fn cpu_seconds(without: &[u32]) -> Result<f64> {
    let mut nanos = 0.0;
    for task in fs::read_dir("/proc/self/task")? {
        let task = task?;
        let id: u32 = task.file_name().to_string_lossy().parse()?;
        if without.contains(&id) {
            continue;
        }
        // A thread may end between the two readings.
        let Ok(times) = fs::read_to_string(task.path().join("schedstat")) else {
            continue;
        };
        nanos += times
            .split(' ')
            .next()
            .unwrap_or_default()
            .parse::<f64>()
            .map_err(|_| "this kernel does not say how much CPU time a thread took (schedstat)")?;
    }
    Ok(nanos / 1e9)
}

/// The number of the thread that asks.
pub fn thread_id() -> Result<u32> {
    let link = fs::read_link("/proc/thread-self")?;
    let id = link.file_name().ok_or("no thread number")?;
    Ok(id.to_string_lossy().parse()?)
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    goal: &'static str,
    what: String,
    ours: String,
    yardstick: String,
    ratio: String,
    promise: String,
    n: String,
    kept: bool,
}

impl Row {
    /// A row that compares speeds, told by `clock`; at least `promise` hundredths of the yardstick's are promised.
    pub fn compared(
        goal: &'static str,
        what: impl Into<String>,
        clock: Clock,
        rounds: &Rounds,
        promise: u32,
    ) -> Self {
        let mut ratios: Vec<f64> = rounds
            .ours
            .iter()
            .zip(&rounds.yardstick)
            .map(|(a, b)| a / b)
            .collect();
        let [low, middle, high] = quartiles(&mut ratios);
        let [_, ours, _] = quartiles(&mut rounds.ours.clone());
        let [_, yardstick, _] = quartiles(&mut rounds.yardstick.clone());
        Self {
            goal,
            what: what.into(),
            ours: clock.says(ours),
            yardstick: clock.says(yardstick),
            ratio: format!("{middle:.2} ({low:.2}-{high:.2})"),
            promise: format!(">= {:.2}", f64::from(promise) / 100.0),
            n: format!("{} x {}", ratios.len(), rounds.done / ratios.len().max(1)),
            kept: middle * 100.0 >= f64::from(promise),
        }
    }

    /// A row with a figure of its own, which may be at most `most`.
    pub fn at_most(
        goal: &'static str,
        what: impl Into<String>,
        (figure, most, unit): (f64, f64, &str),
        n: usize,
    ) -> Self {
        Self {
            goal,
            what: what.into(),
            ours: format!("{figure:.0} {unit}"),
            yardstick: String::new(),
            ratio: String::new(),
            promise: format!("<= {most:.0} {unit}"),
            n: n.to_string(),
            kept: figure <= most,
        }
    }

    /// By the number of the goal.
    pub fn order(&self) -> u32 {
        self.goal
            .trim_start_matches('P')
            .parse()
            .unwrap_or(u32::MAX)
    }

    /// Whether the promise was kept.
    pub const fn is_kept(&self) -> bool {
        self.kept
    }
}

/// In which seconds a speed is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Microseconds of CPU for one.
    Cpu,
    /// So many a second on the wall.
    Wall,
}

impl Clock {
    fn says(self, speed: f64) -> String {
        match self {
            Self::Cpu => format!("{:.1} us CPU", 1e6 / speed),
            Self::Wall => format!("{speed:.0}/s"),
        }
    }
}

/// The lower quartile, the median and the upper quartile.
fn quartiles(values: &mut [f64]) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    [1, 2, 3].map(|quarter| {
        values
            .get((last * quarter + 2) / 4)
            .copied()
            .unwrap_or(f64::NAN)
    })
}

/// When and where: what a figure means nothing without.
pub fn circumstances() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        output.map_or_else(
            |_| "unknown".to_owned(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    };
    let commit = said("git", &["describe", "--always", "--dirty", "--abbrev=10"]);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "bench: commit {commit}, {cores} cores, load average {}, the demo's seed {}. Medians of the rounds, with quartiles; n is rounds x things in a round.",
        load.join(" "),
        wellbeing_courses::demo::SEED,
    )
}

/// The table.
pub fn table(rows: &[Row]) -> String {
    let head = [
        "goal",
        "what",
        "ours",
        "yardstick",
        "ours / yardstick",
        "promise",
        "n",
        "",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for row in rows {
        lines.push(vec![
            row.goal.to_owned(),
            row.what.clone(),
            row.ours.clone(),
            row.yardstick.clone(),
            row.ratio.clone(),
            row.promise.clone(),
            row.n.clone(),
            if row.kept { "kept" } else { "BROKEN" }.to_owned(),
        ]);
    }
    let widths: Vec<usize> = (0..head.len())
        .map(|at| {
            lines
                .iter()
                .map(|line| line[at].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths);
        out.extend(cells.map(|(cell, width)| format!("{cell:<width$}  ")));
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}
