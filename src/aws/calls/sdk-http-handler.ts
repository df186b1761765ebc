import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { type AwsHttp, hostOf } from './aws-http.ts';
import { PageBuffer } from './page-buffer.ts';

/** Connects the SDK to our HTTP client, which returns complete and checked bodies, unlike the SDK's own. */
export class SdkHttpHandler implements RequestHandler<HttpRequest, HttpResponse> {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #http: AwsHttp;

  constructor(http: AwsHttp) {
    this.#http = http;
  }

  /** Sends a request once. */
  async handle(
    request: HttpRequest,
    { abortSignal }: HttpHandlerOptions = {},
  ): Promise<{ response: HttpResponse }> {
    const buffer = new PageBuffer();
    const signal = abortSignal as AbortSignal | undefined;
    const { statusCode, headers } = await this.#http.send(request, buffer, { signal });
    // The SDK attaches the response to the error that it makes from it.
    const response = {
      statusCode,
      headers: { ...headers },
      body: buffer.body,
      host: hostOf(request),
    };
    return { response };
  }

  // The SDK reads and writes the handler's settings through these two; this handler has none.
  updateHttpClientConfig(): void {
    return;
  }

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {
    this.#http.close();
  }
}
