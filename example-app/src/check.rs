//! `--check`: whether this program works with that database.

use crate::args::Args;
use crate::db::{self, MIGRATIONS};
use crate::error::Error;
use crate::library::{self, NewBook, NewMember, Wish};
use crate::{health, server};

/// Verifies the schema and runs every query once; what they write is rolled back.
pub(crate) async fn run(args: &Args) -> Result<(), Error> {
    let mut client = db::connect(&args.database()?).await?;
    MIGRATIONS.verify(&client).await?;
    health::schema(&client).await?;
    let transaction = client.transaction().await?;
    let title = "A title that no library has".to_owned();
    let book = NewBook { title, author: "Nobody of that name".to_owned(), copies: 1 };
    let book = library::add_book(&transaction, &book).await?;
    let member = NewMember { name: "Nobody".to_owned(), email: "nobody@check.invalid".to_owned() };
    let member = library::add_member(&transaction, &member).await?;
    let wish = Wish { book_id: book.id, member_id: member.id };
    library::reserve(&transaction, wish).await?;
    let loan = library::lend_in(&transaction, wish).await?;
    library::take_back(&transaction, loan.id).await?;
    library::books(&transaction).await?;
    library::members(&transaction).await?;
    library::loans(&transaction, true).await?;
    library::overdue(&transaction).await?;
    library::reservations(&transaction, book.id).await?;
    transaction.rollback().await?;
    server::say("every query works");
    Ok(())
}
