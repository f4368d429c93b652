"""Replies as they come from real programs and real people, each with what must come of it.

All answer EOC-0041, handed over at 14:29 on 11 September 2017 in St. Petersburg, by its letter.
"""

from __future__ import annotations

from dataclasses import dataclass

TOKEN = "k7F3_x-9AbCd"
ESCALATION_ID = "3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e"
OURS = f"<landfall.{ESCALATION_ID}.0@stpete.example>"
SUBJECT = f"[EOC-0041 {TOKEN}] [P1] Power line down - 22nd Ave S & 31st St S"

PASSED_OVER = "passed over"
TO_READ = "to read"


@dataclass(frozen=True)
class Reply:
    """`becomes` is an act, TO_READ, PASSED_OVER or "came back"; `said` what else must be known of it."""

    name: str
    mail: str
    becomes: str
    said: str = ""

    @property
    def content(self) -> bytes:
        return self.mail.replace("\n", "\r\n").encode("utf-8")


def mail(
    body: str,
    *,
    sender: str = "Maria Diaz <m.diaz@pinellas.example>",
    subject: str = f"Re: {SUBJECT}",
    message_id: str = "<CAJ8x4@mail.pinellas.example>",
    kind: str = 'text/plain; charset="utf-8"',
    more: str = f"In-Reply-To: {OURS}\nReferences: {OURS}\n",
) -> str:
    return (
        f"From: {sender}\nTo: Landfall, city EOC <eoc@stpete.example>\nSubject: {subject}\n"
        f"Date: Mon, 11 Sep 2017 14:31:12 -0400\nMessage-ID: {message_id}\n{more}"
        f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{body}"
    )


QUOTED = f"""> EOC-0041 P1 life safety
> For Energy (ESF 12). From R. Alvarez, 311 operator, 09/11/2017 14:29 EDT.
>
> TO ANSWER, reply to this mail and write ONE of these as its FIRST line:
>
>   ACCEPT
>   ETA 15:30
>   RETURN wrong desk
>
> [EOC-0041 {TOKEN}]
"""
GMAIL = "\nOn Mon, Sep 11, 2017 at 2:29 PM Landfall, city EOC <eoc@stpete.example> wrote:\n\n" + QUOTED
GMAIL_BROKEN = (
    "\nOn Mon, Sep 11, 2017 at 2:29 PM Landfall, city EOC <\neoc@stpete.example> wrote:\n\n" + QUOTED
)
GMAIL_ES = (
    "\nEl lun, 11 sept 2017 a las 14:29, Landfall, city EOC (<eoc@stpete.example>)\nescribió:\n\n" + QUOTED
)
APPLE = (
    "\n\nSent from my iPhone\n\n> On Sep 11, 2017, at 2:29 PM, Landfall, city EOC <eoc@stpete.example>"
    " wrote:\n> \n" + QUOTED
)
APPLE_ES = (
    "\n\nEnviado desde mi iPhone\n\n> El 11 sept 2017, a la(s) 14:29, city EOC escribió:\n> \n" + QUOTED
)
OUTLOOK = f"""
Maria Diaz
Emergency Coordinator | Pinellas County
Florida has a very broad public records law. Do not send what you would not accept to see published.

________________________________
From: Landfall, city EOC <eoc@stpete.example>
Sent: Monday, September 11, 2017 2:29 PM
To: Maria Diaz
Subject: {SUBJECT}

EOC-0041 P1 life safety
  ACCEPT
  ETA 15:30
"""
OUTLOOK_OLD = (
    f"\n\n-----Original Message-----\nFrom: Landfall, city EOC\nSubject: {SUBJECT}\n\nEOC-0041\n  ACCEPT\n"
)
OUTLOOK_ES = (
    f"\n\n-----Mensaje original-----\nDe: Landfall, city EOC\nAsunto: {SUBJECT}\n\nEOC-0041\n  ACCEPT\n"
)

OUTLOOK_HTML = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<style>p.MsoNormal {{margin:0in}}</style></head>
<body lang="EN-US"><div class="WordSection1"><p class="MsoNormal">Engine&nbsp;4 ETA&nbsp;15:30<o:p></o:p></p>
<p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">
<b>From:</b> Landfall, city EOC &lt;eoc@stpete.example&gt;<br>
<b>Sent:</b> Monday, September 11, 2017 2:29 PM<br>
<b>Subject:</b> {SUBJECT}</p></div></div><p class="MsoNormal">ACCEPT</p></div></body></html>"""
GMAIL_HTML = f"""<div dir="ltr">Accepted, crew of 3 is leaving now</div><br><div class="gmail_quote">
<div dir="ltr" class="gmail_attr">On Mon, Sep 11, 2017 at 2:29 PM city EOC wrote:<br></div>
<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">
RETURN wrong desk [EOC-0041 {TOKEN}]</blockquote></div>"""
HIDDEN_HTML = f"""<html><body><div style="display:none;font-size:0">Accepted</div><script>Accepted</script>
<p>Who is calling, please?</p><blockquote>[EOC-0041 {TOKEN}]</blockquote></body></html>"""

BOUNCE = f"""From: Mail Delivery System <MAILER-DAEMON@mx.stpete.example>
To: eoc@stpete.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <20170911183012.4F2A1@mx.stpete.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F2A1"

--4F2A1
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--4F2A1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.stpete.example

Final-Recipient: rfc822; m.diaz@pinellas.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user here

--4F2A1
Content-Type: text/rfc822-headers

From: Landfall, city EOC <eoc@stpete.example>
Message-ID: {OURS}
Subject: {SUBJECT}

--4F2A1--
"""

FLOWED = "Accepted, Engine 4 with a crew of four is leaving the station right \nnow, ETA 15:30\n" + GMAIL
SIGNED = "Accepted\n\n-- \nMaria Diaz\nWe do not accept faxes\n" + GMAIL
ALTERNATIVE = f"""--b1
Content-Type: text/plain; charset="utf-8"

RETURN wrong desk
{GMAIL}
--b1
Content-Type: text/html; charset="utf-8"

<p>RETURN wrong desk</p><blockquote>ACCEPT</blockquote>
--b1--
"""
NO_THREAD = ""

REPLIES = (
    Reply("Gmail, accepted", mail("Accepted\n" + GMAIL), "accept"),
    Reply("Gmail, the attribution broken over two lines", mail("ACCEPT" + "\n" + GMAIL_BROKEN), "accept"),
    Reply("iPhone, engine and time", mail("Accepted, Engine 4 ETA 15:30" + APPLE), "resource", "Engine 4"),
    Reply("Outlook with signature and disclaimer", mail("We accept.\n" + OUTLOOK), "accept"),
    Reply("old Outlook", mail("Yes, we have it" + OUTLOOK_OLD), "accept"),
    Reply("Outlook, HTML alone", mail(OUTLOOK_HTML, kind="text/html; charset=utf-8"), "resource", "Engine 4"),
    Reply("Gmail, HTML alone", mail(GMAIL_HTML, kind="text/html; charset=utf-8"), "accept"),
    Reply("flowed text", mail(FLOWED, kind="text/plain; charset=utf-8; format=flowed"), "resource"),
    Reply("a signature that says not to accept", mail(SIGNED), "accept"),
    Reply("both kinds of text", mail(ALTERNATIVE, kind='multipart/alternative; boundary="b1"'), "return"),
    Reply("Spanish Gmail", mail("Sí, aceptado\n" + GMAIL_ES), "accept"),
    Reply("Spanish iPhone", mail("Aceptado, Unidad 7 ETA 15:30" + APPLE_ES), "resource", "Unidad 7"),
    Reply("Spanish Outlook", mail("Sin recursos ahora" + OUTLOOK_ES), "return", "no_resource"),
    Reply("wrong desk", mail("RETURN wrong desk, this is Public Works\n" + GMAIL), "return", "wrong_desk"),
    Reply("known already", mail("Already known as no. 17-2231" + APPLE), "return", "already_known"),
    Reply("outside the area", mail("Outside our area.\n" + OUTLOOK), "return", "outside_area"),
    Reply("held", mail("Accepted, held for weather\n" + GMAIL), "hold"),
    Reply("a question", mail("Which side of 31st St is it on?" + APPLE), "ask"),
    Reply("minutes", mail("Rescue 11 ETA 20 min" + APPLE), "resource", "Rescue 11"),
    Reply(
        "new subject, thread kept by the phone", mail("Accepted" + APPLE, subject="Re: line down"), "accept"
    ),
    Reply(
        "no thread, tag in the subject",
        mail("Accepted\n", more=NO_THREAD, subject=f"FW: {SUBJECT}"),
        "accept",
    ),
    Reply("not accepted", mail("We cannot accept this one\n" + GMAIL), TO_READ, "doubt"),
    Reply("accepted?", mail("Accepted?" + APPLE), TO_READ, "more than one"),
    Reply("on a condition", mail("Accepted if the wind drops below 40" + APPLE), TO_READ, "doubt"),
    Reply("two things", mail("Accepted, but wrong desk really\n" + GMAIL), TO_READ),
    Reply("received only", mail("Got it, thanks" + APPLE), TO_READ, "not that somebody takes it"),
    Reply("a greeting first", mail("Hi Rosa,\n\naccepted.\n" + OUTLOOK), TO_READ),
    Reply("answered below the quote", mail(GMAIL.lstrip() + "\nAccepted\n"), TO_READ, "no words of its own"),
    Reply("nothing but a signature", mail(APPLE.lstrip()), TO_READ, "no words of its own"),
    Reply("hidden words", mail(HIDDEN_HTML, kind="text/html; charset=utf-8"), "ask"),
    Reply("another number", mail("EOC-0042 accepted" + APPLE), TO_READ, "another hand-over"),
    Reply("half a day", mail("Engine 4 ETA 3:30" + APPLE), TO_READ, "morning or afternoon"),
    Reply("an unlisted sender", mail("Accepted" + APPLE, sender="m@gmail.example"), TO_READ, "sender"),
    Reply(
        "no token",
        mail("Accepted", subject="Re: EOC-0041", more=NO_THREAD),
        "accept",  # which proves nothing: the desk leaves it to be read
        "no token",
    ),
    Reply(
        "by a list",
        mail("Accepted\n" + GMAIL, more=f"In-Reply-To: {OURS}\nList-Id: <eoc.stpete.example>\n"),
        TO_READ,
        "mailing list",
    ),
    Reply(
        "out of office by its header",
        mail(
            "I have accepted a new post. Accepted mails are not read.", more="Auto-Submitted: auto-replied\n"
        ),
        PASSED_OVER,
    ),
    Reply(
        "out of office by its subject", mail("Accepted", subject=f"Automatic reply: {SUBJECT}"), PASSED_OVER
    ),
    Reply("fuera de la oficina", mail("Aceptado", subject="Fuera de la oficina: Re: x"), PASSED_OVER),
    Reply("Exchange's own", mail("Accepted", more="X-Auto-Response-Suppress: All\n"), PASSED_OVER),
    Reply("bulk", mail("Accepted", more="Precedence: bulk\n"), PASSED_OVER),
    Reply(
        "a receipt for reading",
        mail("Accepted", kind='multipart/report; report-type=disposition-notification; boundary="x"'),
        PASSED_OVER,
    ),
    Reply(
        "spam", mail("Accept our offer", sender="a@b.example", subject="Sale", more=NO_THREAD), PASSED_OVER
    ),
    Reply(
        "our letter came back", BOUNCE, "came back", "m.diaz@pinellas.example came back (550 5.1.1 no such"
    ),
)
