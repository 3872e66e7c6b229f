// pentad path: where the time of a message goes, hop by hop.

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/command.hpp"
#include "apps/pentad/path_channel.hpp"
#include "apps/pentad/path_report.hpp"
#include "apps/pentad/service.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view subcommand = "path";

constexpr duration longest_warm_up = 500ms;

constexpr const char* manual =
    R"(Sends messages to `pentad listen --echo --path ADDRESS`, one after the other, and
shows how long each hop of the path took: program, socket, stack, nic, the wire,
and the same on the far side. Each side measures by its own clock, which are never
mixed: the wire is what remains of the round trip. What a stack does not know is
left out; Linux has one stamp on the way in, at the nic. The first messages, which
warm up caches and neighbours, are not counted: a tenth of the count, and those
before Linux has begun to stamp.

With --json: one object a line for each message ("type":"message", its "number"
and the nanoseconds of each hop, null if not known) and one at the end
("type":"summary" with "p50", "p90" and "p99" of each). The hops are
near_socket_to_stack, near_stack_to_nic, wire_there_and_back, far_nic_to_stack,
far_nic_to_program, far_program, far_socket_to_stack, far_stack_to_nic,
near_nic_to_stack, near_nic_to_program and round_trip.

Examples:
  pentad path tcp://far.example:7000
  pentad path udp://[2001:db8::1]:7000 --count 1000 --size 1200 --json

Exit status: 0 done, 1 the network or the peer failed, 2 usage, 124 no answer.)";

struct path_arguments {
  std::string address;
  std::uint32_t count = 100;
  std::uint32_t size = 64;
  bool json = false;
  double timeout = 5;

  service_address service() const { return service_address::parse(address).value(); }
  duration patience() const {
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(timeout));
  }
};

std::string check_address(const std::string& text) {
  const result<service_address> service = service_address::parse(text);
  const bool fits =
      service && service->port != 0 &&
      (service->scheme == service_scheme::tcp || service->scheme == service_scheme::udp);
  return fits ? std::string() : "'" + text + "' is neither tcp://HOST:PORT nor udp://HOST:PORT";
}

task<result<path_channel>> open_stream(host& here, const path_arguments& arguments) {
  constexpr bool verbose = false;
  result<stream_socket> peer = co_await connect_to(here, arguments.service(), verbose);
  if (!peer) co_return failure(peer.error());
  if (const result<void> set = peer->set({.path_tracing = true}); !set) {
    co_return failure(set.error());
  }
  co_return path_channel(std::move(*peer));
}

result<path_channel> open_datagrams(host& here, const socket_address& peer) {
  const endpoint anywhere(ip_address::any(peer.ip().address.version()), 0);
  result<datagram_socket> opened = here.datagram(anywhere, {.path_tracing = true});
  if (!opened) return failure(opened.error());
  if (const result<void> set = opened->connect(peer); !set) return failure(set.error());
  return path_channel(std::move(*opened));
}

task<result<path_channel>> open_channel(host& here, const path_arguments& arguments) {
  if (arguments.service().scheme == service_scheme::tcp) {
    co_return co_await open_stream(here, arguments);
  }
  const result<std::vector<socket_address>> addresses =
      co_await addresses_of(here, arguments.service());
  if (!addresses) co_return failure(addresses.error());
  co_return open_datagrams(here, addresses->front());
}

// A message and its answer. The far side's times on the way out come with the next answer.
struct exchange {
  std::uint32_t number = 0;
  hop_times out;
  hop_times in;
  far_times far;
};

class probe {
 public:
  probe(host& here, path_channel channel, const path_arguments& arguments)
      : here_(here),
        warm_at_last_(here.now() + longest_warm_up),
        channel_(std::move(channel)),
        arguments_(arguments),
        tuple_(channel_.tuple()),
        buffer_(path_message::largest) {}

  task<int> run() {
    std::optional<exchange> before;  // to be counted once the next answer has come
    for (std::uint32_t number = 0; record_.count() != arguments_.count; ++number) {
      const result<exchange> made = co_await one(number).timeout(arguments_.patience());
      if (!made && !may_lose(made.error())) co_return fail(made.error());
      if (made && before) add(*before, made->far);
      if (made) lost_in_a_row_ = 0;
      before.reset();
      if (!made) {
        ++lost_;
        ++lost_in_a_row_;
      } else if (is_warm(*made)) {
        before = *made;
      }
    }
    if (lost_ != 0) say(std::to_string(lost_) + " messages were not answered");
    const std::string text =
        arguments_.json ? summary_json(record_, tuple_) + "\n" : path_text(record_, tuple_);
    std::fputs(text.c_str(), stdout);
    co_return std::fflush(stdout) == 0 ? exit_done : exit_failed;
  }

 private:
  // Linux begins to stamp what arrives a moment after the first socket has asked for it; on a host
  // that never does, nobody waits for that.
  bool is_warm(const exchange& made) {
    if (is_warm_) return true;
    const bool is_stamped = made.in.arrived && made.far.nic_to_program;
    is_warm_ = made.number >= arguments_.count / 10 && (is_stamped || here_.now() >= warm_at_last_);
    return is_warm_;
  }

  task<result<exchange>> one(std::uint32_t number) {
    const path_message question{.number = number, .size = arguments_.size, .far = {}};
    const std::span<std::byte> bytes = std::span(buffer_).first(arguments_.size);
    question.write(bytes);
    const result<void> sent = co_await channel_.send(bytes);
    if (!sent) co_return failure(sent.error());
    exchange made{.number = number, .out = {}, .in = {}, .far = {}};
    for (;;) {
      const result<std::size_t> size = co_await channel_.receive(buffer_);
      if (!size) co_return failure(size.error());
      if (*size == 0) co_return failure(std::errc::connection_reset);
      const path_message answer = path_message::parse(buffer_).value();
      made.far = answer.far;
      if (answer.number == number) break;
    }
    made.in = channel_.received_times();
    made.out = co_await channel_.sent_times();
    co_return made;
  }

  void add(const exchange& done, const far_times& next) {
    far_times far = done.far;
    far.socket_to_stack = next.socket_to_stack;
    far.stack_to_nic = next.stack_to_nic;
    far.whole = next.whole;
    record_.add(done.out, done.in, far);
    if (arguments_.json) {
      const std::string line = message_json(record_, done.number, tuple_) + "\n";
      std::fputs(line.c_str(), stdout);
    }
  }

  // Datagrams get lost; whoever has answered once will again.
  bool may_lose(std::error_code error) const {
    constexpr std::uint32_t most_lost_in_a_row = 10;
    return error == std::errc::timed_out && record_.count() != 0 &&
           lost_in_a_row_ < most_lost_in_a_row &&
           arguments_.service().scheme == service_scheme::udp;
  }

  int fail(std::error_code error) const {
    complain(subcommand,
             explain("no answer from " + arguments_.address, error,
                     "On the far host: pentad listen --echo --path --keep " + arguments_.address));
    return error == std::errc::timed_out ? exit_timed_out : exit_failed;
  }

  host& here_;
  instant warm_at_last_;
  bool is_warm_ = false;
  path_channel channel_;
  const path_arguments& arguments_;
  std::optional<five_tuple> tuple_;
  std::vector<std::byte> buffer_;
  path_record record_;
  std::uint32_t lost_ = 0;
  std::uint32_t lost_in_a_row_ = 0;
};

task<int> path_program(host& here, const path_arguments& arguments) {
  result<path_channel> channel = co_await open_channel(here, arguments);
  if (!channel) {
    complain(subcommand, explain("cannot connect to " + arguments.address, channel.error(),
                                 advice_on_connecting(channel.error(), arguments.address)));
    co_return exit_failed;
  }
  probe all(here, std::move(*channel), arguments);
  co_return co_await all.run();
}

}  // namespace

void add_path(CLI::App& app, command_line& line) {
  const auto arguments = std::make_shared<path_arguments>();
  CLI::App& command =
      *app.add_subcommand(std::string(subcommand), "where the time of a message goes, hop by hop");
  command.add_option("ADDRESS", arguments->address, "tcp://HOST:PORT or udp://HOST:PORT")
      ->type_name("")
      ->check(CLI::Validator(check_address, ""))
      ->required();
  command.add_option("--count,-c", arguments->count, "messages that are counted")
      ->type_name("N")
      ->default_str("100")
      ->check(CLI::Range(1, 1'000'000));
  command.add_option("--size,-s", arguments->size, "bytes of a message")
      ->type_name("BYTES")
      ->default_str("64")
      ->check(CLI::Range(std::uint32_t{64}, std::uint32_t{path_message::largest}));
  command.add_option("--timeout", arguments->timeout, "how long to wait for an answer")
      ->type_name("SECONDS")
      ->default_str("5")
      ->check(CLI::Range(0.001, 1e6));
  command.add_flag("--json", arguments->json, "one JSON object a line");
  command.footer(manual);
  line.on_host(command, [arguments](host& here) { return path_program(here, *arguments); });
}

}  // namespace pentad::command
