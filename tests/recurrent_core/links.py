"""Links and the numbers that they stand for: what is pinned for every version of defaults and presets."""

from collections.abc import Iterator
from typing import Any

import numpy as np

import recurrent_core as rc
from recurrent_core.lab.fields import Record, fields_of

WEEKS = np.arange(105.0)
PRICES = rc.Table(
    1 + 0.3 * np.sin(WEEKS[:, None] / 9 + np.arange(6)) + WEEKS[:, None] / 400,
    ("GOOG", "AAPL", "AMZN", "FB", "NFLX", "MSFT"),
)
SHELF = rc.SHIPPED._replace(prices=lambda: PRICES)
# Settings of all kinds, drawn at random when there was one version; lines are continued with the version.
DRAWN = """\
net=gru&m=5.37&bi=-4.16&bo=-4.96&bg=-1.4&br=4.9&rec=gaussian&s=0.73&T=86&n=3&seed=2454&at=10&at2=11&per=15&sd=2.1&w=grU12:-1.013,lfU01:2.004,lgW02:-2.665,lob0:1.909,rhU22:-0.563&match=1&tab=directions&t=49&u=5
net=gru&cmp=gru&sig=sine&wire=random&m=4.26&s=1.95&T=199&n=25&seed=3415&at=10&at2=44&per=2&sd=2.85&clamp=f:0.87:8::23,c:-8.27:0:8,h:-0.84:5:13,g:-0.43:2:10&match=1&t=44&of=lstm
sig=count&wire=notebook&m=-0.11&rec=gaussian&s=0.2&T=115&n=29&seed=6794&at=0&at2=33&per=13&sd=0.5&std=0&match=1&axis=absolute&opt=sgd&u=4
net=rnn&sig=data&wire=count&m=-3.93&bz=-4.92&bi=-1.64&bo=3.22&bg=4.3&br=0.08&rec=gaussian&s=0.95&T=125&n=1&seed=9385&at=9&at2=60&per=16&sd=1.25&data=0.3+0.1+-0.4+1.5+-0.9+2.6+-0.5+0.3+0.5&std=0&clamp=g:0.2:0:2:0&w=gnU00:1.346,gnW00:-0.365,lfU00:-0.76,loU00:1.786,rhU00:-2.367,rhW00:-2.676,rhb0:0.713&opt=sgd&t=30&u=2&mode=edit
sig=step&wire=worked&m=1.41&bf=1.98&bz=-3.11&bi=-6.86&bo=2.76&bg=-3.56&br=5.4&rec=gaussian&s=1.3&T=37&n=30&seed=3994&at=23&at2=37&per=17&sd=2.74&match=1&tab=remedy&t=43
net=rnn&sig=probe&wire=trained&tab=directions&by=first&up=400&t=10&mode=backward
net=gru&sig=stocks&wire=fresh_keras&m=2.74&bz=2.59&bi=3.99&bo=1.24&bg=5.13&br=-0.95&rec=gaussian&s=0.15&T=135&n=1&seed=792&at=4&at2=24&per=39&sd=1.42&tick=FB&w=gnW00:-2.065,grW00:-1.472,grb0:0.479,gzW00:-2.191,lfU00:-0.895,lfb0:-2.067,lgW00:-1.172,rhU00:-0.035,rhb0:-2.775&t=21&u=5
sig=pulses&m=-2.71&bz=4.52&bi=1.93&bo=-3.41&bg=-3.6&br=-0.9&s=1.28&T=133&n=39&seed=2034&at=6&at2=17&per=33&sd=2.54&clamp=g:0.67:7,n:-0.48:3:11&match=1&tab=why&t=33&u=3
net=rnn&sig=noise&wire=random&m=4.03&bf=-4.7&bi=-2.57&bo=-0.02&bg=-0.15&br=4.08&s=0.67&T=200&n=23&seed=6888&at=1&at2=38&per=38&sd=2.84&std=0&match=1&t=3&u=2&src=keras
sig=text&wire=notebook&m=4.98&bf=-1.13&bi=-4.29&bo=0.13&bg=-3.56&br=3.11&s=1.3&T=165&n=2&seed=663&at=10&at2=13&per=13&sd=1.4&text=hello+world&std=0&clamp=z:0.07:7:8:1,c:4.72:1::0,n:-0.18:2:8:0,z:0.38:1:3:0&w=grb0:-2.713,lgW00:1.649,lgb0:0.799,loU00:-1.19,rhU10:1.22&task=text&t=28&u=3
sig=probe&wire=trained&curve=hidden&up=400&t=34&src=chung
net=gru&sig=noise&wire=worked&m=-1.21&bf=0.62&bi=2.77&bo=6.55&bg=6.36&br=-3.53&s=2&T=107&n=24&seed=2070&at=9&at2=22&per=29&sd=0.04&clamp=i:0.13:10::4,n:-0.14:4:10,n:0.28:9,h:-0.03:0::16&task=first&t=21
net=rnn&sig=text&wire=fresh_torch&m=-1.79&bz=3.01&bi=-4.46&bo=5.66&bg=0.86&br=-1.88&s=1.89&T=187&n=3&seed=7673&at=20&at2=55&per=15&sd=1.02&text=abracadabra&std=0&w=gnW00:2.928,gnW01:2.418,grb0:0.071,grb1:-1.008,gzW02:-2.277,lgW01:-2.208,liU02:-2.462,rhU20:1.017,rhb0:2.595&tab=directions&t=38&u=2&src=cho
net=rnn&wire=fresh_keras&m=-4.78&bf=1.93&bi=-6.91&bo=-2.93&bg=1.99&br=-3.46&s=0.86&T=66&n=34&seed=1411&at=27&at2=21&per=15&sd=1.94&clamp=n:-0.8:3:8:24&match=1&task=stocks&t=15&of=lstm
net=rnn&sig=sine&m=1.11&bf=5.67&bi=3.45&bo=3.94&bg=-4.01&br=-0.63&rec=gaussian&s=1.9&T=165&n=39&seed=2585&at=7&at2=42&per=35&sd=2.47&std=0&match=1&task=sine&t=15&u=4
net=gru&sig=probe&wire=trained&clamp=f:0.4:11:14:2,o:0.83:5:7:4,o:0.64:11:15:2&by=sine&up=0&opt=sgd&t=40&u=2&mode=backward
net=gru&sig=data&wire=notebook&m=-4.65&bf=-2.67&bz=3.28&bi=-4.84&bo=-0.18&bg=6.55&br=1.03&rec=gaussian&s=1.57&T=32&n=15&seed=2393&at=2&at2=27&per=16&sd=1.11&data=1.5%092%0A-1%090.75%0A0.1%090.2%0A2%09-2&std=0&tab=steps&t=0&u=1
cmp=lstm&sig=step&wire=count&m=1.64&bi=1.62&bo=1.62&bg=-0.05&br=4.24&s=1.35&T=195&n=15&seed=1746&at=17&at2=55&per=7&sd=0.79&clamp=n:0.58:5:7,r:0.79:3:10:11,i:0.33:10:11:7,n:-0.37:12:14:6&match=1&curve=input&t=11&u=2
net=rnn&sig=probe&wire=trained&by=stocks&up=0&opt=sgd&t=30&u=4&mode=clamp
net=rnn&sig=probe&wire=trained&clamp=o:0.94:7:14:4,n:0.4:5::0,g:-0.1:12::4&by=text&up=400&task=sine&opt=sgd&t=12
k=90&axis=absolute&log=0&hz=80&clip=2.5&rows=1&maps=1&lec=1&len=20&lr=0.001&clip_at=0&all=500&tab=far&src=onnx&of=rnn""".splitlines()


def links(version: str, presets: tuple[str, ...]) -> list[str]:
    """What is pinned for a version: every preset, and the settings above."""
    return [f"preset={name}&v={version}" for name in presets] + [f"{line}&v={version}" for line in DRAWN]


def plain(record: Record) -> dict[str, Any]:
    """All fields of a record, as JSON has them."""
    values = {name: getattr(record, name) for name in fields_of(type(record))}
    return {
        name: [*map(list, value)] if isinstance(value, tuple) else value for name, value in values.items()
    }


def numbers(experiment: rc.Experiment, network: str, shaken: float = 0.0) -> dict[str, float]:
    """What is recorded and learnt, as a few numbers by name; with parameters and inputs `shaken` by so much."""
    simulation = rc.simulate(experiment, network, SHELF)
    if shaken:
        rng, recorded = np.random.default_rng(1), simulation.recording

        def shake(array: np.ndarray) -> np.ndarray:
            return array * (1 + shaken * rng.choice([-1, 1], array.shape))

        again = rc.run(
            recorded.cell,
            rc.tree_map(shake, recorded.params),
            shake(recorded.inputs),
            clamps=recorded.clamps,
        )
        simulation = simulation._replace(recording=again)
    recording, gradients = simulation.recording, rc.learning_signal(simulation)
    return dict(
        [
            ("inputs", float(np.abs(recording.inputs).sum())),
            *_of("", recording.vectors),
            *_of("d", gradients.vectors),
            *((f"params {gate}", _size(affine)) for gate, affine in recording.params._asdict().items()),
            *((f"params d{gate}", _size(affine)) for gate, affine in gradients.params._asdict().items()),
            ("sum dinputs", float(np.abs(gradients.inputs).sum())),
        ]
    )


def _of(prefix: str, vectors: Any) -> Iterator[tuple[str, float]]:
    """Of each vector the sum of all sizes, and the first unit in the middle of time."""
    for name, vector in vectors._asdict().items():
        yield f"sum {prefix}{name}", float(np.abs(vector).sum())
        yield f"{prefix}{name}", float(vector[len(vector) // 2, 0, 0])


def _size(affine: Any) -> float:
    return float(sum(np.abs(array).sum() for array in affine))
