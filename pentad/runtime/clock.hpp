#pragma once
#include "pentad/base/clock.hpp"
