#include "apps/messenger/demo/steps.hpp"

#include "apps/terminal/printable.hpp"

namespace pentad::messenger::demo {
namespace {

/// Bytes of a receive or send that are told: there are never so many in the demo.
constexpr std::size_t most_told = 8192;

}  // namespace

void steps::connected(const stream_socket& socket) {
  if (const auto tuple = socket.tuple()) tuple_ = to_string(*tuple);
}

void steps::took(std::string_view step, std::string_view returned) {
  told_.hear({report::kind::step, who_, std::string(step), std::string(returned), {}, tuple_});
}

void steps::moved(std::string_view step, std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  told_.hear({report::kind::step, who_, std::string(step), std::to_string(bytes.size()) + " bytes",
              terminal::printable(text.substr(0, most_told)), tuple_});
}

void steps::failed(std::string_view step, std::error_code error) {
  told_.hear({report::kind::trouble, who_, std::string(step), error.message(), {}, tuple_});
}

void steps::read(std::string_view message) {
  told_.hear({report::kind::read, who_, {}, terminal::printable(message), {}, tuple_});
}

}  // namespace pentad::messenger::demo
