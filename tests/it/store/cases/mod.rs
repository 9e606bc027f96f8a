//! The store's cases, a file a noun.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod accounts;
mod audit;
mod counties;
mod evidence;
mod facts;
pub mod figures;
mod files;
mod goods;
mod held;
mod jobs;
mod ledger;
mod offers;
pub mod orders;
mod pages;
mod people;
mod plans;
mod reports;
mod requests;
mod roll;
mod scans;
mod scopes;
mod secrets;
mod shelf;
mod sources;
mod training;
mod verify;

pub use ledger::row as ledger_row;

use super::contract::Place;
use red_anchor::store::Store;
use red_anchor::store::consents::Consent;

/// A household's consent to be read by its village contact.
pub fn contact_consent(farmer_id: i64) -> Consent {
    Consent {
        farmer_id,
        kind: "contact".into(),
        given_on: crate::store::contract::day("2026-01-01"),
        withdrawn_on: None,
        recorded_by: "test".into(),
    }
}

macro_rules! run_all {
    ($store:expr, $($module:ident::$case:ident),+ $(,)?) => {{
        let mut run = 0;
        $(
            let place = Place::new($store, run).await;
            // boxed: one future of all cases outgrows a test's stack
            Box::pin($module::$case(&place)).await;
            run += 1;
        )+
        run
    }};
}

/// Runs every case and says how many there are; a case that fails panics.
pub async fn run(store: &Store) -> usize {
    run_all!(
        store,
        counties::a_county_is_set_up_once,
        counties::regions_are_known_by_code,
        counties::ids_come_in_blocks_and_batches_strictly_later,
        counties::work_that_is_dropped_leaves_nothing,
        held::consents_are_given_and_withdrawn,
        held::a_household_is_handed_over_and_its_name_taken_away,
        held::buyer_hashes_are_dropped_by_day,
        secrets::sealed_secrets_are_stored_over_and_forgotten,
        audit::rows_are_chained_counted_and_found,
        audit::rows_about_a_thing_are_counted_by_who_left_them,
        audit::what_is_told_under_numbers_of_its_own_is_an_anchors_too,
        goods::operators_and_shops,
        goods::shop_settings,
        goods::products_and_listings,
        goods::terms,
        goods::supply,
        goods::skus_and_mappings,
        goods::row_ids_by_key,
        goods::baselines,
        goods::market_prices_are_written_once,
        people::farmers_and_categories,
        people::rooms_and_anchors_with_accounts,
        people::stages_modules_training_and_certificates,
        people::streams_and_shelves,
        roll::households_are_recognised_and_joined,
        shelf::goods_have_details_rules_and_papers,
        shelf::open_lots_are_those_with_and_without_a_certificate,
        shelf::drafts_wait_and_listings_take_steps,
        offers::proposals_are_a_households_own_and_wait_until_seen_to,
        offers::a_thing_has_one_photo_and_a_listing_takes_over_its_proposals,
        offers::an_anchor_sees_photos_of_what_is_on_the_own_shelves,
        offers::counts_and_lots_tell_what_there_is,
        offers::names_and_prices_begin_on_their_day,
        training::profiles_and_modules_are_described,
        training::classes_are_planned_and_signed_in,
        scans::a_class_is_signed_in_to_by_the_code_that_stands,
        training::assessments_are_kept_by_person,
        training::steps_wait_and_are_decided_on,
        training::papers_are_checked_by_their_code,
        training::the_gates_rows_and_streams_held,
        training::contests_are_published_once_and_party_stages_are_the_branchs,
        orders::orders_and_lines,
        orders::refunds,
        orders::settlements,
        orders::events_and_attributions,
        orders::orphans_are_adopted,
        orders::inferences_come_due,
        orders::a_separator_in_words_is_stored_as_a_space,
        orders::a_separator_in_a_number_is_an_error_and_no_guess,
        facts::a_queue_is_worked_off_in_runs,
        facts::versions_queue_the_orders_they_touch,
        facts::a_chunk_holds_what_is_known_of_its_orders,
        ledger::rows_are_appended_and_read,
        ledger::months_are_locked,
        ledger::months_are_put_forward_and_decided_on,
        reports::what_is_said_of_months_stays,
        reports::reports_are_stored_and_found,
        reports::what_was_booked_in_a_month_is_summed,
        reports::what_came_late_is_found_by_its_month,
        reports::openings_are_asked_for_and_decided_on,
        reports::orders_of_a_month_are_queued,
        reports::links_to_a_report_are_kept_opened_and_ended,
        reports::published_figures_are_entered_and_listed,
        ledger::rows_read_back_whatever_sums_they_say_something_of,
        ledger::what_goes_wrong_under_way_is_told_and_undone,
        ledger::slices_are_written_and_removed,
        figures::sums_are_added_up,
        figures::counts_of_any_days_are_those_of_the_slices,
        figures::counts_that_come_to_nothing_go,
        figures::regions_and_ranges_are_cut,
        figures::households_stand_behind_each_kind_of_amount,
        figures::households_are_counted_by_their_latest_category,
        evidence::records_are_kept_with_their_answers,
        evidence::what_is_set_aside_is_counted,
        evidence::checkpoints_move,
        jobs::a_turn_is_one_workers_until_it_ends,
        jobs::a_turn_is_kept_and_given_back_by_its_holder_alone,
        jobs::schedules_keep_their_pace,
        jobs::tries_are_logged,
        jobs::catching_up_counts_the_windows_written_since,
        jobs::compared_days_are_kept_and_replaced,
        sources::operators_are_listed_by_key,
        sources::a_shop_is_paused_once_and_goes_on,
        sources::what_was_set_aside_is_listed_and_taken_off,
        sources::checkpoints_are_listed,
        sources::the_import_log_is_read_newest_first,
        files::times_of_groups_are_kept,
        files::payments_outside_sales_wait_for_their_order,
        files::profiles_are_saved_by_name,
        files::what_is_known_of_orders,
        requests::a_request_and_its_steps,
        pages::lines_are_chosen_and_opened_within_a_scope,
        pages::lines_that_wait_are_listed,
        pages::answers_are_listed,
        pages::a_household_reads_its_sales,
        pages::a_stream_shows_what_it_sold,
        pages::documents_read_what_they_name,
        accounts::accounts_and_grants,
        accounts::an_account_is_found_by_the_name_of_its_county,
        accounts::a_link_is_redeemed_once,
        accounts::a_session_stands_while_its_grant_does,
        accounts::failures_are_counted_and_forgotten,
        accounts::exports_are_counted_by_the_hour,
        accounts::slips_let_devices_in,
        accounts::looks_are_logged_and_names_found,
        plans::a_plan_stands_beside_its_stream_until_it_is_called_off,
        plans::a_county_changes_its_list_of_phrases,
        plans::what_streams_sell_is_summed_while_they_run,
        plans::things_are_found_by_what_is_typed,
        scopes::a_household_is_read_within_its_scope,
        scopes::a_line_shared_by_two_towns_is_cut_to_the_readers,
        scopes::streams_and_training_are_an_anchors_own,
        scopes::what_has_no_narrower_answer_is_refused,
        verify::rows_that_point_to_nothing_are_listed,
        verify::plain_sums_and_counts,
        verify::rollups_are_handed_over_whole,
    )
}
