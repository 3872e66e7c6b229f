// A messaging server and the people on it, without sockets and with a clock that the test turns.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/server/server.hpp"
#include "tests/apps/irc_machine.hpp"

namespace pentad::messenger::testing {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

using lines = std::vector<std::string>;

/// The tag of the `number`th message of a meeting, up to the ninth.
inline std::string msgid(unsigned number) {
  return "msgid=1331d0e88a4-" + std::to_string(number);  // the start of the meeting in milliseconds
}

class meeting;

/// One client, and what came to it.
class person final : public transport {
 public:
  person(meeting& at, std::string_view host);

  /// Sends a line.
  void says(std::string_view line) { sends(std::string{line} + "\r\n"); }

  /// Sends bytes as they are.
  void sends(std::string_view bytes);

  /// The connection is gone.
  void goes(std::string_view reason = "Connection closed");

  /// The lines that came since this was last asked, without their ends.
  lines hears();

  /// What it answers to a line.
  lines answer(std::string_view line) {
    hears();
    says(line);
    return hears();
  }

  /// The first line with this command or numeric of those that came.
  std::string hears_first(std::string_view command);

  client& session() noexcept { return *client_; }
  bool is_here() const noexcept { return client_ != nullptr; }
  std::size_t times_attended() const noexcept { return attended_; }
  bool was_cut() const noexcept { return cut_; }

  void attend() override { ++attended_; }
  void cut() noexcept override { cut_ = true; }

 private:
  meeting& at_;
  client* client_;
  std::size_t attended_ = 0;
  bool cut_ = false;
};

/// The server. Nobody is limited in the rate of messages unless a test says so.
class meeting {
 public:
  explicit meeting(const configuration& settings = unlimited()) : settings_(settings) {}

  /// What the server goes by.
  configuration& settings() noexcept { return settings_; }

  /// What it runs on.
  machine& below() noexcept { return machine_; }

  static configuration unlimited() {
    configuration settings;
    settings.name = "irc.test";
    settings.network = "Testers";
    settings.limit.messages_per_second = 0;
    settings.limit.nicks_per_minute = 0;
    settings.limit.connections_per_minute = 0;
    settings.limit.clients_per_address = 1'000'000;
    settings.cloak = false;
    return settings;
  }

  /// A client that has said nothing yet.
  person& enters(std::string_view host = "192.0.2.1") { return people_.emplace_back(*this, host); }

  /// A client that has registered with this nick and read what it was greeted with.
  person& arrives(std::string_view nick, std::string_view capabilities = {});

  /// Lets time pass.
  void passes(duration time) {
    now_.steady += time;
    now_.wall += std::chrono::duration_cast<std::chrono::milliseconds>(time);
    server_.advance(now_);
    machine_.works(server_, now_);
  }

  server& desk() noexcept { return server_; }
  const network& state() const noexcept { return server_.state(); }
  moment now() const noexcept { return now_; }

 private:
  // 2011-10-19T16:40:51.620Z
  moment now_{instant{} + 1000s, wall_time{1'319'042'451'620ms}};
  configuration settings_;
  machine machine_;
  server server_{settings_, 1, now_, &machine_};
  std::list<person> people_;
};

inline person::person(meeting& at, std::string_view host)
    : at_(at), client_(&at.desk().connected(*this, host, at.now())) {}

inline void person::sends(std::string_view bytes) {
  at_.desk().received(*client_, std::as_bytes(std::span{bytes}), at_.now());
  at_.below().works(at_.desk(), at_.now());
}

inline void person::goes(std::string_view reason) {
  at_.desk().finished(*client_, reason, at_.now());
  at_.desk().disconnected(*client_, at_.now());
  client_ = nullptr;
}

inline lines person::hears() {
  std::string text;
  for (send_batch batch; client_->output.take(batch);) {
    text.append(reinterpret_cast<const char*>(batch.bytes().data()), batch.bytes().size());
  }
  lines heard;
  for (std::size_t end = 0; (end = text.find("\r\n")) != text.npos; text.erase(0, end + 2)) {
    heard.push_back(text.substr(0, end));
  }
  if (!text.empty()) heard.push_back(text + "\nhas no end");  // equal to no line
  return heard;
}

inline std::string person::hears_first(std::string_view command) {
  for (const std::string& line : hears()) {
    const auto read = irc::parse(line, irc::from_server);
    if (read && read->command == command) return line;
  }
  return {};
}

inline person& meeting::arrives(std::string_view nick, std::string_view capabilities) {
  person& added = enters();
  const std::string name{nick};
  if (!capabilities.empty()) added.says("CAP REQ :" + std::string{capabilities});
  added.says("NICK " + name);
  added.says("USER " + name + " 0 * :" + name + " the person");
  if (!capabilities.empty()) added.says("CAP END");
  added.hears();
  return added;
}

}  // namespace pentad::messenger::testing
