#include "apps/pentad/command.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <optional>
#include <utility>

#include "apps/pentad/advice.hpp"
#include "apps/pentad/flow_server.hpp"
#include "pentad/hosts/host_text.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/hosts/native_host.hpp"
#include "pentad/hosts/native_text.hpp"

namespace pentad::command {
namespace {

constexpr const char* stack_manual =
    R"(Stacks:
  kernel            Linux's, through io_uring where it works, else through epoll
  kernel:uring      Linux's, through io_uring
  kernel:epoll      Linux's, through epoll
  native:OPTIONS    Pentad's own, a host of its own: behind a TAP device of Linux, for
                    which it needs root (CAP_NET_ADMIN) or a device that root has made
                    (ip tuntap add tap0 mode tap user $USER), or on the link of one of
                    Linux's interfaces, for which it needs CAP_NET_RAW
Options follow behind commas, without spaces. Of every stack:
  spin=50us         look for events for so long before sleeping
Of native:
  tap=NAME               the device; it is made if it is not there
  packet=INTERFACE       or the interface; the address must be none of Linux's
  ip=ADDRESS/LENGTH      the address of this host
  ip6=ADDRESS/LENGTH     the same for IPv6; there may be several of both
  dhcp                   or a DHCP server is asked for an address, at most for 10 s; it
                         is given back at the end
  dhcp=FILE              the same, but it is remembered in FILE for the next time
  slaac                  the same for IPv6 of the routers of the link
  gw=ADDRESS             the router to everywhere else
  dns=ADDRESS            a name server; there may be several
  host=ADDRESS/LENGTH    an address for Linux's end of the device, which is set up;
                         without it, the commands for that are printed
  congestion=newreno     how the windows of TCP grow; cubic if nothing is said
  record=FILE            records all frames, for Wireshark and tcpdump (pcapng)
A second tap= or packet= begins another card; addresses behind it belong to that one.
Then, to make a bad link of it, for each direction:
  loss=1%                how many frames are lost; 0.01 is the same
  duplicate=1%           how many come twice
  reorder=1%             how many come 1 ms late, behind others
  corrupt=1%             how many are damaged
  delay=20ms jitter=5ms  how long frames take, and how much longer at most
  rate=10mbit            how fast the line is
  seed=NUMBER            another run of luck than that of seed=1

  --stack native:tap=tap0,ip=10.0.0.2/24,host=10.0.0.1/24,loss=1%,delay=20ms)";

constexpr std::string_view native = "native:";

// What is behind `native:` in the text of a stack; nothing if it is another stack.
std::optional<std::string_view> after_native(std::string_view text) {
  if (!text.starts_with(native)) return {};
  return text.substr(native.size());
}

// What is wrong with a text for `make_host`; nothing if it describes a host.
std::string check_stack(const std::string& text) {
  if (const auto options = after_native(text)) {
    const auto parsed = native_text::parse(*options);
    return parsed ? std::string() : "'" + text + "': " + parsed.error();
  }
  if (host_text::parse(text)) return {};
  return "'" + text +
         "' does not describe a stack, such as kernel or native:tap=NAME,ip=ADDRESS/LENGTH";
}

void say_lines(const std::string& lines) {
  if (!lines.empty()) say(lines);
}

int run_on_native(std::string_view subcommand, std::string_view options, bool verbose,
                  const std::function<task<int>(host&)>& program) {
  const auto made = native_host::open(*native_text::parse(options));
  if (!made) {
    complain(subcommand, made.error().sentence);
    return exit_failed;
  }
  native_host& here = **made;
  flow_server flows(here);
  if (const std::string commands = here.commands_for_linux(); !commands.empty()) {
    say("For Linux and this host to get along, have root type:\n" + commands);
  }
  if (verbose) say_lines(here.receiving());
  const int code = here.run(flows.run(program)).value_or(exit_failed);
  if (verbose) say_lines(here.losses());
  const result<void> recorded = here.flush_recording();
  if (recorded) return code;
  complain(subcommand, explain("the recording is not complete", recorded.error()));
  return code == exit_done ? exit_failed : code;
}

void add_stack_option(CLI::App& subcommand, std::string& stack) {
  subcommand
      .add_option(
          "--stack", stack,
          "whose network stack: kernel, kernel:uring, kernel:epoll or native:..., see below")
      ->type_name("STACK")
      ->check(CLI::Validator(check_stack, ""))
      ->default_val("kernel");
}

}  // namespace

void command_line::on_host(CLI::App& subcommand, std::function<task<int>(host&)> program) {
  const auto stack = std::make_shared<std::string>();
  add_stack_option(subcommand, *stack);
  subcommand.footer(subcommand.get_footer().append("\n\n").append(stack_manual));
  plainly(subcommand, [&subcommand, stack, program = std::move(program)] {
    const std::string name = subcommand.get_name();
    const CLI::Option* const verbose = subcommand.get_option_no_throw("--verbose");
    const bool says_more = verbose != nullptr && verbose->count() != 0;
    if (const auto options = after_native(*stack)) {
      return run_on_native(name, *options, says_more, program);
    }
    return run_on_linux(name, *stack, program);
  });
}

void command_line::plainly(CLI::App& subcommand, std::function<int()> program) {
  subcommand.callback([this, program = std::move(program)] { program_ = program; });
}

int run_on_linux(std::string_view subcommand, const std::string& stack,
                 const std::function<task<int>(host&)>& program) {
  const result<std::unique_ptr<host>> here = make_host(stack);
  if (here) return (*here)->run(program(**here)).value_or(exit_failed);
  complain(subcommand,
           explain("cannot use the stack " + stack, here.error(), advice_on_stack(here.error())));
  return exit_failed;
}

void complain(std::string_view subcommand, std::string_view what) {
  say(std::string("pentad ").append(subcommand).append(": ").append(what));
}

// One call for the whole line, so that lines of several programs on one terminal stay whole.
void say(std::string_view what) {
  const std::string line = std::string(what).append("\n");
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

}  // namespace pentad::command
