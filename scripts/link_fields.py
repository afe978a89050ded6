"""Made-up sightings from other fields than stars, with a truth, for scripts/link-results: nothing in them is real.

Each function yields (account, object, seconds) and fills a set with the accounts that belong to a crew. Everybody else's objects are
drawn by power laws of activity and popularity.

  reviews     three years of reviews; crews of 8 to 40 review 5 to 25 products, three of five each, within ten days a product
  reposts     a month of cascades with bursts; crews of 6 to 60 repost 8 to 60 posts, every other each, within ten minutes
  addresses   two months of log-ins from homes, offices and cafes; crews of 6 to 50 use 3 to 12 proxies of 400, at any time
  interests   two years of visits, most of them in two of 400 circles of 60 things; crews of 8 to 40 visit 4 to 20 things, three of five
              each, at any time
"""

import bisect

DAY = 86400
START = 1_500_000_000


class Popularity:
    """Numbers below n, the i-th with a weight of 1 / (i + 1) ** power."""

    def __init__(self, n, power):
        self.sums, total = [], 0.0
        for i in range(n):
            total += 1 / (i + 1) ** power
            self.sums.append(total)

    def draw(self, rng):
        return bisect.bisect(self.sums, rng.random() * self.sums[-1])


def reviews(rng, truth):
    span, n_products = 3 * 365 * DAY, 8000
    products = Popularity(n_products, 0.8)
    since = [rng.random() * span * 0.8 for _ in range(n_products)]

    for i in range(120_000):
        joined, left = rng.random() * span, 200
        while left:
            product = products.draw(rng)
            begin, days = (since[product], 200) if rng.random() < 0.5 else (joined, 90)
            second = begin + rng.expovariate(1 / days) * DAY
            if second < span:
                yield f"p{i}", product, START + int(second)
            left = left - 1 if rng.random() < 0.72 else 0
    for crew in range(40):
        bought = [(rng.randrange(n_products), rng.random() * span * 0.9) for _ in range(rng.randrange(5, 25))]
        for i in range(rng.randrange(8, 40)):
            truth.add(name := f"c{crew}-{i}")
            for product, begin in bought:
                if rng.random() < 0.6:
                    yield name, product, START + int(begin + rng.random() * 10 * DAY)
            for _ in range(int(rng.expovariate(0.7))):
                yield name, products.draw(rng), START + int(rng.random() * span)


def reposts(rng, truth):
    span, n_posts = 30 * DAY, 20_000
    people = Popularity(200_000, 0.6)
    for post in range(n_posts):
        begin = rng.random() * span
        for _ in range(int(min(3000, 3 * rng.paretovariate(1.1)))):
            yield f"p{people.draw(rng)}", post, START + int(begin + rng.lognormvariate(8, 1.5))
    for crew in range(25):
        bought = [(rng.randrange(n_posts), rng.random() * span) for _ in range(rng.randrange(8, 60))]
        for i in range(rng.randrange(6, 60)):
            truth.add(name := f"c{crew}-{i}")
            for post, begin in bought:
                if rng.random() < 0.5:
                    yield name, post, START + int(begin + rng.random() * 600)
            for _ in range(rng.randrange(40)):
                yield name, rng.randrange(n_posts), START + int(rng.random() * span)


def addresses(rng, truth):
    span = 60 * DAY
    for i in range(60_000):
        home, office = f"h{rng.randrange(50_000)}", f"o{rng.randrange(3000)}" if rng.random() < 0.3 else None
        for _ in range(1 + int(rng.expovariate(1 / 12))):
            where = f"c{rng.randrange(300)}" if rng.random() < 0.1 else office if office and rng.random() < 0.4 else home
            yield f"p{i}", where, START + int(rng.random() * span)
    for crew in range(30):
        proxies = [f"x{rng.randrange(400)}" for _ in range(rng.randrange(3, 12))]
        for i in range(rng.randrange(6, 50)):
            truth.add(name := f"c{crew}-{i}")
            for _ in range(rng.randrange(2, 20)):
                yield name, rng.choice(proxies), START + int(rng.random() * span)


def interests(rng, truth):
    span, circles, things = 700 * DAY, 400, 60
    popular = Popularity(things, 0.7)
    for i in range(60_000):
        first, second = rng.randrange(circles), rng.randrange(circles)
        for _ in range(min(80, 1 + int(rng.paretovariate(1.1)))):
            x = rng.random()
            circle = first if x < 0.6 else second if x < 0.75 else rng.randrange(circles)
            yield f"p{i}", circle * things + popular.draw(rng), START + int(rng.random() * span)
    for crew in range(30):
        bought = [rng.randrange(circles * things) for _ in range(rng.randrange(4, 20))]
        for i in range(rng.randrange(8, 40)):
            truth.add(name := f"c{crew}-{i}")
            for thing in bought:
                if rng.random() < 0.6:
                    yield name, thing, START + int(rng.random() * span)
            for _ in range(rng.randrange(6)):
                yield name, rng.randrange(circles * things), START + int(rng.random() * span)


FIELDS = {"reviews": reviews, "reposts": reposts, "addresses": addresses, "interests": interests}
