export const report = (all) => console.log(JSON.stringify(all, null, 1));
