"""Forms of the gallery."""

from django import forms


class Filters(forms.Form):
    tier = forms.ChoiceField(label="Risk", choices=[("", "Any"), ("high", "High"), ("low", "Low")], required=False)
    region = forms.MultipleChoiceField(
        label="Region",
        choices=[("GD", "Guangdong"), ("ZJ", "Zhejiang")],
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 1}),
    )
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Demo(forms.Form):
    name = forms.CharField(label="Name", help_text="As the customer knows it.")
    kind = forms.ChoiceField(label="Kind", choices=[("call", "Call"), ("sms", "SMS")])
    reason = forms.ChoiceField(
        label="Reason", choices=[("price", "Price"), ("net", "Network")], widget=forms.RadioSelect
    )
    urgent = forms.BooleanField(label="Urgent", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
