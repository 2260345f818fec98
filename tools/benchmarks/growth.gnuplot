# SPDX-License-Identifier: BSD-2-Clause
# Draws $measured: six blocks of lines "maps median low high", named by the words of names. Three are with the kernel,
# three in user space.
set terminal svg size 960,540 font "sans-serif,14" background "white"
set logscale xy
set format "%'.0f"
set xrange [8:130000]
set xlabel "maps there are"
set ylabel "nanoseconds of one more map"
set key outside bottom center horizontal Left reverse maxcols 3 width 2
set grid
array colour[3] = ["#777777", "#0b6e4f", "#c0392b"]
plot for [i=1:3] $measured index i-1 using 1:3:(0):($4-$3) with vectors nohead linecolor rgb colour[i] notitle, \
     for [i=1:3] $measured index i-1 using 1:2 with linespoints title word(names, i) \
         linecolor rgb colour[i] linewidth 2 pointtype 7 pointsize 0.4, \
     for [i=4:6] $measured index i-1 using 1:2 with linespoints title word(names, i) \
         linecolor rgb colour[i-3] linewidth 2 pointtype 7 pointsize 0.4 dashtype 2
