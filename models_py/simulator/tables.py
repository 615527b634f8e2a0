"""Rows as tables of the raw Xente schema."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator import catalogue
from simulator.catalogue import CodeArray, FloatArray, IntArray
from simulator.outcomes import NO_DEFAULT
from simulator.purchases import SECONDS_PER_DAY, Purchases

CURRENCY_CODE = "UGX"
COUNTRY_CODE = 256

CUSTOMERS_PER_ACCOUNT = 1.45
"""Customers over accounts in the rebuilt Xente file, where accounts are shared."""

PLATFORM_ACCOUNT = 1
"""The account and subscription that books every credit; customers come after it."""

CODE = pa.dictionary(pa.int32(), pa.string())
TRANSACTION_SCHEMA = pa.schema(
    {
        "TransactionId": pa.string(),
        "BatchId": pa.string(),
        "AccountId": CODE,
        "SubscriptionId": CODE,
        "CustomerId": CODE,
        "CurrencyCode": CODE,
        "CountryCode": pa.int64(),
        "ProviderId": CODE,
        "ProductId": CODE,
        "ProductCategory": CODE,
        "ChannelId": CODE,
        "Amount": pa.float64(),
        "Value": pa.int64(),
        "TransactionStartTime": pa.string(),
        "PricingStrategy": pa.int64(),
        "FraudResult": pa.int64(),
    }
)
OUTCOME_SCHEMA = pa.schema({"CustomerId": pa.string(), "DefaultedAt": pa.date32()})
LATENT_SCHEMA = pa.schema({"CustomerId": pa.string(), "Creditworthiness": pa.float64()})


def numbered(prefix: str, numbers: IntArray) -> pa.Array:
    """Ids of a kind.

    Examples
    --------
    >>> numbered("CustomerId", np.array([7, 12])).to_pylist()
    ['CustomerId_7', 'CustomerId_12']
    """
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "_")


def coded(values: pa.Array, codes: CodeArray | IntArray) -> pa.Array:
    """Make a dictionary column of the values at the codes."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), values)


def iso_times(start_date: date, days: int, second: IntArray) -> pa.Array:
    """ISO 8601 text in UTC, as the Xente file has it.

    Parameters
    ----------
    start_date, days
        The period.
    second
        Seconds since the start of the period, shape (transactions,).

    Examples
    --------
    >>> iso_times(date(2018, 11, 15), 2, np.array([5, 86_400])).to_pylist()
    ['2018-11-15T00:00:05Z', '2018-11-16T00:00:00Z']
    """
    dates = pa.array([str(start_date + timedelta(days=day)) for day in range(days)])
    midnight_on = np.arange(SECONDS_PER_DAY).astype("datetime64[s]")
    clock = pa.array(np.datetime_as_string(midnight_on, timezone="UTC"))
    clock = pc.utf8_slice_codeunits(clock, 10)
    day, second_of_day = np.divmod(second, SECONDS_PER_DAY)
    return pc.binary_join_element_wise(
        dates.take(pa.array(day)), clock.take(pa.array(second_of_day)), ""
    )


def product_numbers(rows: Purchases) -> IntArray:
    """Pick the product of each row: one of its category's, equally often."""
    offered = [
        catalogue.PRODUCTS_OF_CATEGORY[category]
        for category in catalogue.CATEGORY.values
    ]
    offers = np.array([len(numbers) for numbers in offered])
    first = np.cumsum(offers) - offers
    pick = np.floor(rows.product_draw * offers[rows.category]).astype(np.int64)
    numbers: IntArray = np.concatenate(offered)[first[rows.category] + pick]
    return numbers


def transactions_table(
    rows: Purchases,
    *,
    customer_number: IntArray,
    first_transaction: int,
    first_batch: int,
    start_date: date,
    days: int,
) -> pa.Table:
    """Write rows in the raw Xente schema.

    Parameters
    ----------
    rows
        Debits and credits in order of time.
    customer_number
        Number of each customer of the chunk, shape (customers,), ascending by one.
    first_transaction, first_batch
        Numbers of the first row and the first debit; later ones follow.
    start_date, days
        The period.

    Returns
    -------
    pyarrow.Table
        Schema `TRANSACTION_SCHEMA`.
    """
    size = rows.customer.size
    is_credit = rows.amount < 0.0
    own_account = (customer_number / CUSTOMERS_PER_ACCOUNT).astype(np.int64)
    first_account = own_account[0]
    # Code 0 is the platform's account, code k + 1 the k-th account of the chunk.
    account_code = np.where(
        is_credit, 0, own_account[rows.customer] - first_account + 1
    )
    account_number = np.arange(first_account, own_account[-1] + 1)
    account_number = np.append(PLATFORM_ACCOUNT, PLATFORM_ACCOUNT + 1 + account_number)

    product = product_numbers(rows)
    pricing_strategy = np.array(catalogue.PRICING_STRATEGY.values).astype(np.int64)
    columns = {
        "TransactionId": numbered(
            "TransactionId", np.arange(first_transaction, first_transaction + size)
        ),
        "BatchId": numbered("BatchId", first_batch + rows.batch),
        "AccountId": coded(numbered("AccountId", account_number), account_code),
        "SubscriptionId": coded(
            numbered("SubscriptionId", account_number), account_code
        ),
        "CustomerId": coded(numbered("CustomerId", customer_number), rows.customer),
        "CurrencyCode": coded(pa.array([CURRENCY_CODE]), np.zeros(size, np.int8)),
        "CountryCode": np.full(size, COUNTRY_CODE),
        "ProviderId": coded(pa.array(catalogue.PROVIDER.values), rows.provider),
        "ProductId": coded(
            numbered("ProductId", np.arange(product.max(initial=0) + 1)), product
        ),
        "ProductCategory": coded(pa.array(catalogue.CATEGORY.values), rows.category),
        "ChannelId": coded(pa.array(catalogue.CHANNEL.values), rows.channel),
        "Amount": rows.amount,
        "Value": np.ceil(np.abs(rows.amount)).astype(np.int64),
        "TransactionStartTime": iso_times(start_date, days, rows.second),
        "PricingStrategy": pricing_strategy[rows.pricing_strategy],
        "FraudResult": rows.fraud.astype(np.int64),
    }
    return pa.table(columns, schema=TRANSACTION_SCHEMA)


def outcomes_table(
    default_day: IntArray, *, customer_number: IntArray, start_date: date
) -> pa.Table:
    """Write the customers who defaulted, in order of customer.

    Examples
    --------
    >>> outcomes_table(
    ...     np.array([-1, 3]),
    ...     customer_number=np.array([1, 2]),
    ...     start_date=date(2018, 11, 15),
    ... ).to_pylist()
    [{'CustomerId': 'CustomerId_2', 'DefaultedAt': datetime.date(2018, 11, 18)}]
    """
    defaulted = default_day != NO_DEFAULT
    dates = np.datetime64(start_date, "D") + default_day[defaulted]
    return pa.table(
        {
            "CustomerId": numbered("CustomerId", customer_number[defaulted]),
            "DefaultedAt": pa.array(dates, type=pa.date32()),
        },
        schema=OUTCOME_SCHEMA,
    )


def latent_table(latent: FloatArray, *, customer_number: IntArray) -> pa.Table:
    """Write the creditworthiness of every customer, in order of customer.

    Examples
    --------
    >>> latent_table(np.array([0.5]), customer_number=np.array([1])).to_pylist()
    [{'CustomerId': 'CustomerId_1', 'Creditworthiness': 0.5}]
    """
    return pa.table(
        {
            "CustomerId": numbered("CustomerId", customer_number),
            "Creditworthiness": latent,
        },
        schema=LATENT_SCHEMA,
    )
