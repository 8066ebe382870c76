// A worker that takes all the memory that it gets.
const kept: object[] = [];
for (;;) kept.push({ kept });
