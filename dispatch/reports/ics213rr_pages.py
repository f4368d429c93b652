"""The ICS 213RR laid out: the requestor's blocks, then Logistics', then Finance's."""

from __future__ import annotations

from dispatch.forms.ics213rr import NAME, ORDER, PRIORITIES, TITLE, Ics213RR
from dispatch.reports.block_pages import Bar, Block, Cell, Cells, Column, Paper, Table

SHARES = dict(zip(ORDER, (0.6, 1.0, 0.9, 4.1, 1.6, 1.6, 0.9), strict=True))


def layout(form: Ics213RR) -> Paper:
    head = (
        Cell("1. Incident Name:", form.incident, 2.2),
        Cell("2. Date/Time:", form.made_at, 1.5),
        Cell("3. Resource Request Number:", form.number, 1.3),
    )
    columns = tuple(Column(name, SHARES[name]) for name in ORDER)
    warnings: tuple[Block, ...] = (Bar("  ·  ".join(form.warnings)),) if form.warnings else ()
    return Paper(
        title=TITLE,
        name=NAME,
        is_exercise=form.is_exercise,
        again=head,
        foot=(" · ".join(filter(None, (f"{form.number} from {form.hand_over}", form.edition))),),
        blocks=(
            Cells(head, least=32),
            *warnings,
            Bar("REQUESTOR"),
            Table(
                "4. Order (use additional lines for each kind and type):", columns, form.order, 2, grows=True
            ),
            Cells((Cell("5. Requested Delivery/Reporting Location:", form.deliver_to),), least=46),
            Cells((Cell("6. Suitable Substitutes and/or Suggested Sources:", form.substitutes),), least=40),
            Cells(
                (
                    Cell("7. Requested by Name/Position:", form.requested_by, 2.0),
                    _priority(form.priority),
                    Cell("9. Section Chief Approval:", form.approved_by, 1.7),
                ),
                least=34,
            ),
            Bar("LOGISTICS"),
            Cells(
                (
                    Cell("10. Logistics Order Number:", form.order_number),
                    Cell("11. Supplier Phone/Fax/Email:", form.supplier_contact),
                ),
                least=32,
            ),
            Cells((Cell("12. Name of Supplier/POC:", form.supplier),), least=32),
            Cells((Cell("13. Notes:", form.notes),), least=44),
            Cells(
                (
                    Cell("14. Approval Signature of Auth Logistics Rep:", form.logistics_approval, 2.0),
                    Cell("15. Date/Time:", form.logistics_at),
                ),
                least=32,
            ),
            Cells((Cell("16. Order placed by:", form.ordered_by),), least=32),
            Bar("FINANCE"),
            Cells((Cell("17. Reply/Comments from Finance:", form.finance_reply),), least=44),
            Cells(
                (
                    Cell("18. Finance Section Signature:", form.finance_signature, 2.0),
                    Cell("19. Date/Time:", form.finance_at),
                ),
                least=32,
            ),
        ),
    )


def _priority(priority: str) -> Cell:
    """The form's three boxes; what fits none of them stands there in words."""
    label, chosen = "8. Priority:", priority.strip().casefold()
    if chosen and chosen not in PRIORITIES:
        return Cell(label, priority, 1.7)
    return Cell(label, "", 1.7, tuple((name.capitalize(), name == chosen) for name in PRIORITIES))
