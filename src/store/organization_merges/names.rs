//! What the source's own roles are called afterwards.

/// `renamed (role_id, name)`: the source's own roles whose name another role of the product has here, with ` (B)` behind
/// it, or ` (B 2)` and so on where that is taken too; of a long name the first 56 characters stay. Case does not tell two names apart. Needs the merge as `?1`.
macro_rules! renamed_roles {
    () => {
        "clash AS MATERIALIZED (
  SELECT role.role_id, role.product, substr(role.role, 1, 56) AS base, lower(substr(role.role, 1, 56)) AS stem,
    row_number() OVER (PARTITION BY role.product, lower(substr(role.role, 1, 56)) ORDER BY role.role_id) AS turn
  FROM organization_merge AS merge CROSS JOIN role ON role.organization_id = merge.source_organization_id
  WHERE merge.merge_id = ?1 AND EXISTS (SELECT 1 FROM role AS mine WHERE mine.organization_id = merge.organization_id
    AND mine.product = role.product AND lower(mine.role) = lower(role.role))
),
taken AS MATERIALIZED (
  SELECT role.product, lower(role.role) AS name FROM organization_merge AS merge
  CROSS JOIN role ON role.organization_id IN (merge.organization_id, merge.source_organization_id)
  WHERE merge.merge_id = ?1 AND instr(lower(role.role), ' (b') > 0
),
attempt (number) AS MATERIALIZED (
  SELECT 1 UNION ALL
  SELECT number + 1 FROM attempt WHERE number < (SELECT count(*) FROM clash) + (SELECT count(*) FROM taken)
),
free AS MATERIALIZED (
  SELECT wanted.product, wanted.stem, iif(number = 1, ' (B)', ' (B ' || number || ')') AS ending,
    row_number() OVER (PARTITION BY wanted.product, wanted.stem ORDER BY number) AS turn
  FROM (SELECT DISTINCT clash.product, clash.stem FROM clash) AS wanted CROSS JOIN attempt
  WHERE NOT EXISTS (SELECT 1 FROM taken WHERE taken.product = wanted.product
    AND taken.name = wanted.stem || iif(number = 1, ' (b)', ' (b ' || number || ')'))
),
renamed AS MATERIALIZED (
  SELECT clash.role_id, clash.base || free.ending AS name FROM clash
  CROSS JOIN free ON free.product = clash.product AND free.stem = clash.stem AND free.turn = clash.turn
)"
    };
}
pub(super) use renamed_roles;

/// A statement that can use `renamed`.
macro_rules! with_renamed {
    ($rest:literal) => {
        concat!("WITH RECURSIVE ", $crate::store::organization_merges::names::renamed_roles!(), " ", $rest)
    };
}
pub(super) use with_renamed;
