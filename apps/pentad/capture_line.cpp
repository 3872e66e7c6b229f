#include "apps/pentad/capture_line.hpp"

#include <ctime>

#include "pentad/inspect/packet_text.hpp"

namespace pentad::command {
namespace {

void put_digits(std::string& text, long value, std::size_t digits) {
  std::string written = std::to_string(value);
  text.append(digits - std::min(digits, written.size()), '0').append(written);
}

// Of this host's time zone, in microseconds.
std::string time_of_day(wall_time time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t since = second.time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&since, &local);
  std::string text;
  put_digits(text, local.tm_hour, 2);
  put_digits(text += ':', local.tm_min, 2);
  put_digits(text += ':', local.tm_sec, 2);
  put_digits(text += '.', (time - second).count() / 1000, 6);
  return text;
}

}  // namespace

std::string capture_line(const received_frame& frame, std::string_view interface) {
  std::string line = time_of_day(frame.time) + " ";
  line.append(interface).append(frame.way == frame_way::incoming ? " in  " : " out ");
  line += packet_text(frame.bytes, frame.size, static_cast<wire::pcapng_link>(frame.link));
  if (frame.bytes.size() < frame.size) line += " (cut)";
  return line + "\n";
}

}  // namespace pentad::command
