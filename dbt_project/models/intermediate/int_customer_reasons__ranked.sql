{{ config(tags='scoring') }}

with losses as (
    select * from {{ ref('int_customer_losses__summed') }}
),

scored as (
    select * from {{ ref('int_customers__scored') }}
),

wording as (
    select distinct
        reason_code,
        customer_wording
    from {{ ref('feature_contract') }}
),

-- Below the cut-off, though better than the mean on everything.
referred_without_loss as (
    select
        losses.customer_id,
        losses.snapshot_date
    from losses
    inner join scored
        on
            losses.customer_id = scored.customer_id
            and losses.snapshot_date = scored.snapshot_date
    where scored.action != 'approve'
    group by
        losses.customer_id,
        losses.snapshot_date
    having max(losses.loss_against_mean) <= 0
),

against_a_reference as (
    select
        customer_id,
        snapshot_date,
        reason_code,
        'training_mean' as reason_reference,
        loss_against_mean as loss
    from losses
    where loss_against_mean > 0
    union all
    select
        losses.customer_id,
        losses.snapshot_date,
        losses.reason_code,
        'cutoff' as reason_reference,
        losses.loss_against_cutoff as loss
    from losses
    inner join referred_without_loss
        on
            losses.customer_id = referred_without_loss.customer_id
            and losses.snapshot_date = referred_without_loss.snapshot_date
),

int_customer_reasons__ranked as (
    select
        against_a_reference.customer_id,
        against_a_reference.snapshot_date,
        against_a_reference.reason_code,
        wording.customer_wording,
        against_a_reference.reason_reference,
        against_a_reference.loss,
        row_number() over (
            partition by against_a_reference.customer_id, against_a_reference.snapshot_date
            order by against_a_reference.loss desc, against_a_reference.reason_code asc
        ) as reason_rank
    from against_a_reference
    inner join wording on against_a_reference.reason_code = wording.reason_code
    -- Who is referred is owed one reason, whatever rounding leaves of it.
    qualify against_a_reference.loss > 0 or reason_rank = 1
)

select * from int_customer_reasons__ranked
