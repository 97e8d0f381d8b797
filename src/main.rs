//! The command line of Wellbeing Courses.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match wellbeing_courses::command::run(std::env::vars(), std::env::args_os()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wellbeing-courses: {error}");
            ExitCode::FAILURE
        }
    }
}
