// A stand-in for DNS over HTTPS, on loopback.
import { once } from "node:events";
import { createServer } from "node:http";

/** What a resolver says of a name that does not exist. */
const NO_SUCH_NAME = JSON.stringify({ Status: 3 });

/** A name service: `answer(response)` decides what it says, at first that there is no such name; `asked` is what it heard. */
export async function nameService() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://dns");
    service.asked.push({ path: pathname, name: searchParams.get("name"), type: searchParams.get("type"), headers: request.headers });
    service.answer(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const service = {
    url: `http://127.0.0.1:${server.address().port}/dns-query`,
    asked: [],
    answer: (response) => response.end(NO_SUCH_NAME),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return service;
}
