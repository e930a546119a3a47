use worker::wasm_bindgen::JsValue;
use worker::{Context, Env, event, web_sys};

use crate::{ANSWER, log};

#[event(fetch)]
async fn fetch(_request: web_sys::Request, env: Env, _context: Context) -> worker::Result<web_sys::Response> {
    #[cfg(feature = "storage")]
    crate::storage::play(&env, &_context).await?;
    log(&env);
    let headers = web_sys::Headers::new()?;
    headers.append("content-type", "application/json")?;
    let init = web_sys::ResponseInit::new();
    init.set_headers(&JsValue::from(headers));
    let bytes = js_sys::Uint8Array::from(ANSWER.of(&env, "ANSWER").as_bytes());
    Ok(web_sys::Response::new_with_opt_buffer_source_and_init(Some(&bytes), &init)?)
}
