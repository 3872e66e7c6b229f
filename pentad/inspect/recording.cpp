#include "pentad/inspect/recording.hpp"

namespace pentad {

recording::recording(std::string_view application) {
  put(wire::pcapng_section{.application = application});
}

std::uint32_t recording::add_interface(std::string_view name, wire::pcapng_link link) {
  put(wire::pcapng_interface{.link = link, .name = name});
  return interfaces_++;
}

template <class Block>
void recording::put(const Block& block) {
  const std::size_t before = bytes_.size();
  bytes_.resize(before + block.size());
  block.emit(std::span(bytes_).subspan(before));
}

template void recording::put(const wire::pcapng_packet&);

}  // namespace pentad
