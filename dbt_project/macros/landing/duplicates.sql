{#- Of the rows that share a TransactionId the first by time, file and row is
    kept. The others wait in raw.duplicate_transactions, because the file of the
    kept row may change or vanish, and are listed in raw.rejected_rows. -#}

{% macro restore_duplicates() %}
insert into raw.transactions by name select * from raw.duplicate_transactions;
delete from raw.duplicate_transactions;
delete from raw.rejected_rows where rejection_reason = 'duplicate_transaction_id';
{% endmacro %}

{#- Ids are compared by hash first: numbers fit into memory where ids do not. -#}
{% macro reject_duplicates() %}
insert into raw.duplicate_transactions by name
with repeated as (
    select hash(TransactionId) as id_hash
    from raw.transactions
    group by id_hash
    having count(*) > 1
)

select transactions.*
from raw.transactions as transactions
inner join repeated on hash(transactions.TransactionId) = repeated.id_hash
qualify row_number() over (
    partition by transactions.TransactionId
    order by transactions.TransactionStartTime, transactions.source_file, transactions.source_row
) > 1;

delete from raw.transactions
using raw.duplicate_transactions as duplicates
where
    transactions.source_file = duplicates.source_file
    and transactions.source_row = duplicates.source_row;

insert into raw.rejected_rows by name
select
    source_file,
    source_row,
    cast(to_json({
        'TransactionId': TransactionId,
        'CustomerId': CustomerId,
        'Amount': cast(Amount as varchar),
        'TransactionStartTime': cast(TransactionStartTime as varchar)
    }) as varchar) as rejected_text,
    'duplicate_transaction_id' as rejection_reason,
    landed_at
from raw.duplicate_transactions;
{% endmacro %}
