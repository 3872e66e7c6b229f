#pragma once
#include "pentad/base/timer_queue.hpp"
