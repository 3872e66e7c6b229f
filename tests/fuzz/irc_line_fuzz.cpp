/// Whatever line can be read can be written, and what was written is read as the same message.
/// Whatever a few clients send to a server, its state stays consistent, and when they have gone
/// nothing is left.
///
/// Each line of the input is something that happens: `2 TEXT` client 2 (of 0 to 7) sends TEXT and a
/// line end, after it has connected if need be; `-2` its connection is lost; `+9` nine seconds
/// pass;
/// `<2` client 2 reads what waits for it. Any other line is sent by client 0 without a line end.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "apps/messenger/irc/line_writer.hpp"
#include "apps/messenger/irc/message.hpp"
#include "tests/apps/irc_invariants.hpp"
#include "tests/apps/irc_people.hpp"

namespace {

namespace irc = pentad::messenger::irc;
using pentad::messenger::configuration;
using pentad::messenger::testing::consistent;
using pentad::messenger::testing::meeting;
using pentad::messenger::testing::person;

void require(bool condition) {
  if (!condition) std::abort();
}

void round_trip(std::string_view line) {
  const auto read = irc::parse(line);
  if (!read) return;
  std::string text;
  irc::write(text, *read);
  require(text.ends_with("\r\n"));
  text.resize(text.size() - 2);
  // It may have grown by one colon.
  const auto again = irc::parse(text, {.line = irc::from_client.line + 1});
  require(again && again->tags == read->tags && again->source == read->source &&
          again->command == read->command && again->parameters.size() == read->parameters.size());
  for (std::size_t i = 0; i < read->parameters.size(); ++i) {
    require(again->parameters[i] == read->parameters[i]);
  }
}

/// What a client reads must be lines that can be read.
void check(const std::string& line, const configuration& settings) {
  const auto read = irc::parse(line, {.line = settings.limit.line.line, .tags = 8189});
  require(read.has_value());
}

class session {
 public:
  session() {
    settings_.limit.clients = 6;
    settings_.limit.channels_per_client = 3;
    settings_.limit.send_queue = 16'384;
  }

  void happens(std::string_view event) {
    const std::size_t number = event.size() < 2 ? 8 : static_cast<std::size_t>(event[1] - '0');
    if (event.starts_with('+') && number < 10) {
      at_.passes(std::chrono::seconds{number});
    } else if (event.starts_with('-') && number < people_.size()) {
      lose(number);
    } else if (event.starts_with('<') && number < people_.size()) {
      read(number);
    } else if (event.size() > 1 && event[0] >= '0' && event[0] <= '7' && event[1] == ' ') {
      client(static_cast<std::size_t>(event[0] - '0')).sends(std::string{event.substr(2)} + "\r\n");
    } else {
      client(0).sends(event);
    }
    at_.desk().flush();
    require(consistent(at_.state()));
    require(!at_.desk().has_news());
    require(at_.desk().next_deadline() > at_.now().steady);
  }

  void ends() {
    for (std::size_t i = 0; i < people_.size(); ++i) lose(i);
    require(at_.state().clients().empty() && at_.state().channels().size() == 0);
    require(at_.state().count().connected == 0);
    require(at_.desk().next_deadline() == pentad::never);
  }

 private:
  person& client(std::size_t number) {
    if (people_[number] == nullptr) people_[number] = &at_.enters();
    return *people_[number];
  }

  void lose(std::size_t number) {
    if (people_[number] == nullptr) return;
    read(number);
    people_[number]->goes();
    people_[number] = nullptr;
  }

  void read(std::size_t number) {
    if (people_[number] == nullptr) return;
    for (const std::string& line : people_[number]->hears()) check(line, settings_);
  }

  configuration settings_ = meeting::unlimited();
  meeting at_{settings_};
  std::array<person*, 8> people_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input{reinterpret_cast<const char*>(data), size};
  session run;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    round_trip(line);
    run.happens(line);
  }
  run.ends();
  return 0;
}
