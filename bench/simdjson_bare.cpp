// How fast the JSON library alone goes through a log, on one core: the ceiling for any reader built on it.
//
//   simdjson_bare FILE ROUNDS
//
// walk: On-Demand over the file as a stream of documents, nothing looked at.
// dom:  the same file into a tape, which is what a reader costs that needs every value.
// Prints one JSON object with seconds per round.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <simdjson.h>

namespace {

constexpr size_t BATCH_BYTES = size_t{ 4 } << 20; // above the longest line of a benchmark log

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

size_t walk(const simdjson::padded_string &log)
{
    simdjson::ondemand::parser parser;
    parser.threaded = false;
    simdjson::ondemand::document_stream documents;
    size_t n = 0;
    if (parser.iterate_many(log, BATCH_BYTES).get(documents))
        return 0;
    for (auto document : documents)
        n += document.error() == simdjson::SUCCESS;
    return n;
}

size_t tape(const simdjson::padded_string &log)
{
    simdjson::dom::parser parser;
    parser.threaded = false;
    simdjson::dom::document_stream documents;
    size_t n = 0;
    if (parser.parse_many(log, BATCH_BYTES).get(documents))
        return 0;
    for (auto document : documents)
        n += document.error() == simdjson::SUCCESS;
    return n;
}

void measure(const char *name, size_t (*pass)(const simdjson::padded_string &),
    const simdjson::padded_string &log, int rounds)
{
    size_t n = pass(log); // warm
    std::printf("\"%s\":{\"documents\":%zu,\"seconds\":[", name, n);
    for (int i = 0; i < rounds; i++) {
        auto start = std::chrono::steady_clock::now();
        if (pass(log) != n)
            std::exit(1);
        std::printf("%s%.4f", i ? "," : "", seconds_since(start));
    }
    std::printf("]}");
}

} // namespace

int main(int argc, char **argv)
{
    simdjson::padded_string log;
    if (argc != 3 || simdjson::padded_string::load(argv[1]).get(log)) {
        std::fprintf(
            stderr, "usage: simdjson_bare FILE ROUNDS (the file must be readable and fit into memory)\n");
        return 2;
    }
    std::printf("{\"bytes\":%zu,\"implementation\":\"%s\",", log.size(),
        simdjson::get_active_implementation()->name().c_str());
    measure("walk", walk, log, std::atoi(argv[2]));
    std::printf(",");
    measure("dom", tape, log, std::atoi(argv[2]));
    std::printf("}\n");
    return 0;
}
