// The memory of a process.
#pragma once

#include <cstddef>
#include <cstdio>

namespace pentad::bench {

/// Bytes that this process itself has written to.
inline std::size_t private_dirty() {
  std::FILE* file = std::fopen("/proc/self/smaps_rollup", "r");
  std::size_t kilobytes = 0;
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
    if (std::sscanf(line, "Private_Dirty: %zu", &kilobytes) == 1) break;
  }
  if (file != nullptr) std::fclose(file);
  return kilobytes * 1024;
}

}  // namespace pentad::bench
