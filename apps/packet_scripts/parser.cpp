#include "apps/packet_scripts/parser.hpp"

#include "apps/packet_scripts/expression_parser.hpp"
#include "apps/packet_scripts/packet_parser.hpp"
#include "apps/packet_scripts/token_reader.hpp"

namespace pentad::packet_scripts {
namespace {

class script_parser {
 public:
  explicit script_parser(std::string_view source) : from_(read_tokens(source)) {}

  script whole() {
    script read;
    while (from_.peek().is(token::kind::option)) {
      if (std::optional<script_option> found = option()) read.options.push_back(*found);
    }
    while (!from_.peek().is(token::kind::end)) read.events.push_back(next_event());
    return read;
  }

 private:
  // `--define=WORD=VALUE` is carried out here.
  std::optional<script_option> option() {
    const token name = from_.take();
    script_option read{.name = std::string(name.text), .value = {}, .at = name.at};
    if (!from_.skip_mark('=')) return read;
    const token value = from_.take();
    if (value.is(token::kind::end) || value.is(token::kind::option)) from_.fail("a value");
    if (name.text == "define") {
      from_.expect_mark('=');
      from_.define(value.text, from_.take());
      return std::nullopt;
    }
    read.value = value.text;
    if (value.is(token::kind::mark, "-")) {  // -1, ipv4-mapped
      read.value += from_.take().text;
    }
    // A word may go on after a hyphen, as in `ipv4-mapped-ipv6`.
    while (from_.at_mark('-')) {
      from_.take();
      read.value += "-" + std::string(from_.take().text);
    }
    return read;
  }

  event next_event() {
    event read;
    read.at = from_.peek().at;
    if (from_.peek().is(token::kind::command)) {  // before the first event and after the last
      read.what = command{std::string(from_.take().text)};
      return read;
    }
    read.when = time();
    if (from_.at_mark('<') || from_.at_mark('>')) {
      read.what = parse_packet(from_);
    } else if (from_.peek().is(token::kind::command)) {
      read.what = command{std::string(from_.take().text)};
    } else if (from_.peek().is(token::kind::code)) {
      read.what = code{std::string(from_.take().text)};
    } else {
      read.what = call();
    }
    check(read);
    return read;
  }

  event_time time() {
    event_time read;
    read.what = from_.skip_mark('+') ? event_time::kind::relative : event_time::kind::absolute;
    if (from_.skip_mark('*')) {
      read.what = event_time::kind::any;
      return read;
    }
    read.from = seconds_of(from_.take());
    if (from_.skip_mark('~')) {
      const position at = from_.peek().at;
      from_.skip_mark('+');
      read.to = seconds_of(from_.take());
      if (*read.to < read.from) throw malformed(at, "the range of time ends before it begins");
    }
    return read;
  }

  // Only what the host sends can be waited for.
  static void check(const event& read) {
    const auto* const packet = std::get_if<packet_event>(&read.what);
    const bool waits = read.when.what == event_time::kind::any || read.when.to;
    if (waits && (packet == nullptr || !packet->is_sent)) {
      throw malformed(read.at, "only packets that are sent may have such a time");
    }
  }

  system_call call() {
    system_call read;
    if (from_.peek().is(token::kind::ellipsis)) {
      from_.take();
      read.until = seconds_of(from_.take());
    }
    read.name = from_.expect(token::kind::word, "a packet or a system call").text;
    read.arguments = parse_arguments(from_);
    from_.expect_mark('=');
    read.returns = parse_expression(from_);
    if (from_.peek().is(token::kind::word)) read.error = from_.take().text;
    if (from_.skip_mark('(')) {  // what the error means
      while (!from_.at_mark(')') && !from_.peek().is(token::kind::end)) from_.take();
      from_.expect_mark(')');
    }
    return read;
  }

  token_reader from_;
};

}  // namespace

script parse_script(std::string_view source) { return script_parser(source).whole(); }

}  // namespace pentad::packet_scripts
