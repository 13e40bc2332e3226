// A newsletter as people send them: used by the demo and the benchmarks. Tables and inline styles, for that is what mail clients
// understand; one column on a phone.

export const sampleTemplate = {
  name: 'Product news',
  subject: "{{ contact.first_name | default: 'Hello' }}, four things that got better this month",
  text: null,
  html: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Product news</title>
<style>
  body { margin: 0; background: #eef1f4; }
  a { color: #0b5d8f; }
  @media (max-width: 620px) {
    .half { display: block !important; width: 100% !important; }
    .pad { padding-left: 20px !important; padding-right: 20px !important; }
    h1 { font-size: 26px !important; }
  }
</style>
</head>
<body style="margin:0;background:#eef1f4;font-family:Helvetica,Arial,sans-serif;color:#22303c">
<div style="display:none;max-height:0;overflow:hidden">Faster search, calmer notifications, and a calendar that knows your time zone.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#eef1f4"><tr><td align="center" style="padding:24px 8px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border-radius:10px">
  <tr><td class="pad" style="padding:22px 40px;border-bottom:3px solid #0b5d8f;font-size:14px;letter-spacing:.08em;color:#0b5d8f"><b>PRODUCT NEWS</b></td></tr>
  <tr><td class="pad" style="padding:36px 40px 8px">
    <h1 style="margin:0 0 14px;font-size:30px;line-height:1.2;color:#12202c">Good morning, {{ contact.first_name | default: 'reader' }}</h1>
    <p style="margin:0 0 16px;font-size:16px;line-height:1.6">You asked for fewer clicks and less noise. This month's release is about both. Here is what changed, and where to find it.</p>
    {% if contact.city %}<p style="margin:0 0 16px;font-size:16px;line-height:1.6">And something for {{ contact.city }}: opening hours, dates and prices now follow your region.</p>{% endif %}
    <p style="margin:8px 0 28px"><a href="https://www.example.com/news/release?utm_source=newsletter&amp;utm_medium=email" style="display:inline-block;padding:13px 26px;border-radius:6px;background:#0b5d8f;color:#ffffff;font-size:16px;text-decoration:none">See the whole release</a></p>
  </td></tr>
  <tr><td class="pad" style="padding:0 40px 12px">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>
      <td class="half" width="50%" valign="top" style="padding:0 12px 20px 0">
        <h2 style="margin:0 0 6px;font-size:18px;color:#12202c">Search that keeps up</h2>
        <p style="margin:0;font-size:15px;line-height:1.55">Results appear while you type, and a spelling mistake no longer means an empty page. <a href="https://www.example.com/news/search?utm_source=newsletter&amp;utm_medium=email">How it works</a></p>
      </td>
      <td class="half" width="50%" valign="top" style="padding:0 0 20px 12px">
        <h2 style="margin:0 0 6px;font-size:18px;color:#12202c">Quiet hours</h2>
        <p style="margin:0;font-size:15px;line-height:1.55">Choose when notifications may reach you. Whatever comes in between waits in one summary. <a href="https://www.example.com/news/quiet-hours?utm_source=newsletter&amp;utm_medium=email">Set your hours</a></p>
      </td>
    </tr></table>
  </td></tr>
  <tr><td class="pad" style="padding:4px 40px 28px">
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f8fb;border-radius:8px"><tr><td style="padding:20px 24px;font-size:15px;line-height:1.6">
      <b>Worth ten minutes:</b> a short guide to shared calendars, with examples to copy. <a href="https://www.example.com/guides/calendars?utm_source=newsletter&amp;utm_medium=email">Read the guide</a>
    </td></tr></table>
  </td></tr>
  <tr><td class="pad" style="padding:20px 40px 28px;border-top:1px solid #dde4ea;font-size:13px;line-height:1.6;color:#5b6b78">
    You receive this because {{ contact.email }} is on our list. <a href="https://www.example.com/preferences" style="color:#5b6b78">Change what you receive</a> or <a href="{{ unsubscribe_url }}" style="color:#5b6b78">unsubscribe</a>.
  </td></tr>
</table>
</td></tr></table>
</body>
</html>
`,
} as const;
